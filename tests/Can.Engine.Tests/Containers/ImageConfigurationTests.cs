using Can.Engine.Containers;
using Can.Engine.Tests.Images;

namespace Can.Engine.Tests.Containers;

/// <summary>What an image of two layers, made by hand, says about its containers, and what the caller says instead.</summary>
public sealed class ImageConfigurationTests : IDisposable
{
    private const string Reference = "configured:latest";

    private readonly EngineFixture fixture = new();
    private readonly TemporaryDirectory directory = new();

    public ImageConfigurationTests()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        directory.Shell(
            """
            mkdir -p top/etc top/data top/bin
            printf 'root:x:0:0::/root:/bin/sh\nweb:x:1234:5678:Web:/home/web:/bin/sh\n' > top/etc/passwd
            printf 'root:x:0:\nwebs:x:5678:\nextra:x:77:web\n' > top/etc/group
            printf seed > top/data/seed
            chown 1234:5678 top/data top/data/seed
            touch top/bin/.wh.vi
            tar -C top -czf top.tar.gz etc data bin/.wh.vi
            """);
        _ = fixture.Engine;
        HandMadeImage.Store(
            fixture.Engine,
            [Reference],
            """
            "config":{"Entrypoint":["/bin/sh","-c"],"Cmd":["echo from the image"],"Env":["PATH=/bin:/special","COLOUR=blue"],"User":"web",
                      "WorkingDir":"/srv/made/here","Volumes":{"/data":{}},"StopSignal":"SIGUSR1",
                      "ExposedPorts":{"8080/tcp":{},"53/udp":{}},"Labels":{"team":"image","kept":"yes"}}
            """,
            fixture.PathOf("busybox.tar"),
            directory["top.tar.gz"]);
    }

    public void Dispose()
    {
        fixture.Dispose();
        directory.Dispose();
    }

    [RootFact]
    public void The_image_says_what_its_containers_get()
    {
        var image = fixture.Engine.Images.Get(Reference);

        Assert.Equal(2, image.Layers.Count);
        Assert.Equal(["8080/tcp", "53/udp"], image.Configuration.ExposedPorts);
        Assert.Equal("SIGUSR1", image.Configuration.StopSignal);
        Assert.Equal(["/data"], image.Configuration.Volumes);
    }

    [RootFact]
    public void Entrypoint_and_command_run_when_nothing_else_is_said() => Assert.Equal(["from the image"], Output());

    [RootFact]
    public void A_command_is_given_to_the_entrypoint() => Assert.Equal(["given"], Output("echo given"));

    [RootFact]
    public void An_entrypoint_of_the_callers_own_drops_the_images_command()
    {
        Assert.Equal([""], Output(options => options with { Entrypoint = ["/bin/echo"] }));
        Assert.Equal(["given"], Output(options => options with { Entrypoint = ["/bin/echo"], Command = ["given"] }));
    }

    [RootFact]
    public void The_user_is_looked_up_by_name_in_the_topmost_layer_with_all_groups()
    {
        Assert.Equal(["1234:5678:5678 77"], Output("echo $(id -u):$(id -g):$(id -G)"));
        Assert.Equal(["0:0"], Output(options => options with { User = "root", Command = ["echo $(id -u):$(id -g)"] }));
        Assert.Equal(["1234:77"], Output(options => options with { User = "web:extra", Command = ["echo $(id -u):$(id -g)"] }));
    }

    [RootFact]
    public void The_working_directory_is_made_if_it_is_missing()
    {
        Assert.Equal(["/srv/made/here"], Output("pwd"));
        Assert.Equal(["/tmp"], Output(options => options with { WorkingDirectory = "/tmp", Command = ["pwd"] }));
    }

    [RootFact]
    public void Variables_of_the_caller_win_over_the_images()
    {
        Assert.Equal(["/bin:/special blue"], Output("echo $PATH $COLOUR"));
        Assert.Equal(["red"], Output(options => options with { Environment = new Dictionary<string, string> { ["COLOUR"] = "red" }, Command = ["echo $COLOUR"] }));
    }

    [RootFact]
    public void A_volume_of_its_own_is_made_where_the_image_wants_one_and_filled_from_the_image()
    {
        var container = Run(options => options with { Command = ["cat /data/seed; stat -c %u:%g /data /data/seed; echo new > /data/file && echo written"] });

        Assert.Equal(["seed1234:5678", "1234:5678", "written"], fixture.Log(container));
        var mount = Assert.Single(container.Mounts);
        Assert.Equal(("/data", MountKind.Volume), (mount.Target, mount.Kind));
        Assert.True(fixture.Engine.Volumes.TryGet(mount.Source)?.Anonymous);
        Assert.True(File.Exists($"{fixture.Engine.Volumes.PathOf(mount.Source)}/file"));

        fixture.Containers.Remove(container.Id, force: false, CancellationToken.None);
        Assert.Empty(fixture.Engine.Volumes.List());
    }

    [RootFact]
    public void A_mount_of_the_callers_own_takes_the_place_of_that_volume()
    {
        var container = Run(options => options with { Mounts = [new MountSpecification { Kind = MountKind.Tmpfs, Target = "/data" }], Command = ["ls -A /data"] });

        Assert.Empty(fixture.Log(container));
        Assert.Empty(fixture.Engine.Volumes.List());
    }

    [RootFact]
    public void A_stop_sends_the_images_signal()
    {
        var container = fixture.Start(Options() with { Command = ["trap 'exit 7' USR1; echo ready; while :; do sleep 1000 & wait; done"] });
        EngineFixture.Eventually(() => fixture.Log(container).Count > 0, "the trap is set");

        fixture.Containers.Stop(container.Id, EngineFixture.Patience, force: false, CancellationToken.None);

        Assert.Equal(7, fixture.Containers.GetById(container.Id).ExitCode);
    }

    [RootFact]
    public void Labels_are_joined_and_exposed_ports_are_shown()
    {
        var container = fixture.Containers.Create(
            Options() with { Labels = new Dictionary<string, string> { ["team"] = "caller", ["mine"] = "1" } }, start: false, CancellationToken.None);

        Assert.Equal(new Dictionary<string, string> { ["team"] = "caller", ["kept"] = "yes", ["mine"] = "1" }, container.Labels);
        Assert.Equal(["8080/tcp", "53/udp"], container.ExposedPorts);
        Assert.Empty(container.Ports);
        Assert.Equal(container.ExposedPorts, fixture.Another().Containers.GetById(container.Id).ExposedPorts);
    }

    [RootFact]
    public void What_an_upper_layer_hides_is_not_there() => Assert.Equal(["sh"], Output("ls /bin | grep -x -e vi -e sh"));

    private ContainerOptions Options() => fixture.Options() with { Image = Reference };

    private Container Run(Func<ContainerOptions, ContainerOptions> with) => fixture.WaitExited(fixture.Start(with(Options())));

    private IReadOnlyList<string> Output(Func<ContainerOptions, ContainerOptions> with) => fixture.Log(Run(with));

    private IReadOnlyList<string> Output(params string[] command) => Output(options => options with { Command = command });
}
