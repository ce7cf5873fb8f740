using Can.Engine.Containers;
using Can.Engine.Images;
using Can.Engine.Images.Oci;
using Can.Engine.Kernel;
using Can.Engine.Networks;
using Can.Engine.Storage.Content;
using Can.Engine.Tests.Starting;

namespace Can.Engine.Tests.Containers;

/// <summary>Options and image joined, and what is refused before anything is made.</summary>
public sealed class DefinitionResolverTests : IDisposable
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly ContainerOptions Options = new() { Image = "busybox" };

    private static readonly OciDescriptor Blob = new() { Digest = Digest.Of([]), Size = 0 };

    private static readonly ImageRecord Image = new()
    {
        Id = new string('b', 64),
        Descriptor = Blob,
        Manifest = new() { SchemaVersion = 2, Config = Blob, Layers = [] },
        Image = new() { Rootfs = new() { DiffIds = [] } },
        Layers = ["base", "top"],
        Configuration = new ImageConfiguration { Command = ["sh"] },
    };

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Defaults()
    {
        var definition = Resolve(Options);

        Assert.Equal((Plans.Id, "c1", "busybox", Image.Id), (definition.Id, definition.Name, definition.Image, definition.ImageId));
        Assert.Equal(Image.Layers, definition.Layers);
        Assert.Equal(["sh"], definition.Arguments);
        Assert.Equal([DefaultPath, "HOSTNAME=0123456789ab"], definition.Environment);
        Assert.Equal(("/", "", "0123456789ab", 15, 10), (definition.WorkingDirectory, definition.User, definition.Hostname, definition.StopSignal, definition.StopTimeoutSeconds));
        Assert.Empty(definition.Mounts);
    }

    [Theory]
    [InlineData("e", "c", null, null, "e c")]
    [InlineData("e", "c", null, "x y", "e x y")] // a command replaces the image's
    [InlineData("e", "c", "f", null, "f")] // an entrypoint drops both
    [InlineData("e", "c", "f", "x", "f x")]
    [InlineData("e", "c", "", "x", "x")] // an empty one removes it
    [InlineData("", "c", null, null, "c")]
    [InlineData("", "", null, "x", "x")]
    public void Command(string imageEntrypoint, string imageCommand, string? entrypoint, string? command, string expected)
    {
        var image = Image with { Configuration = new() { Entrypoint = Words(imageEntrypoint)!, Command = Words(imageCommand)! } };
        var options = Options with { Entrypoint = Words(entrypoint), Command = Words(command) };

        Assert.Equal(Words(expected), Resolve(options, image).Arguments);
    }

    [Fact]
    public void No_command_at_all_is_refused()
    {
        var bare = Image with { Configuration = new() };

        AssertError("CommandMissing", Options, bare);
        AssertError("CommandMissing", Options with { Entrypoint = [] });
        AssertError("CommandMissing", Options with { Command = [""] });
    }

    [Fact]
    public void Environment_grows_from_image_to_files_to_options()
    {
        File.WriteAllText(directory["env"], "B=file\nC=file\n");
        var image = Image with { Configuration = Image.Configuration with { Environment = ["PATH=/image", "A=image", "B=image", "EMPTY"] } };
        var options = Options with
        {
            Tty = true,
            EnvironmentFiles = [directory["env"]],
            Environment = new Dictionary<string, string> { ["C"] = "option", ["TERM"] = "linux" },
        };

        Assert.Equal(
            ["PATH=/image", "HOSTNAME=0123456789ab", "TERM=linux", "A=image", "B=file", "EMPTY=", "C=option"],
            Resolve(options, image).Environment);
    }

    [Fact]
    public void Terminal_has_a_kind() => Assert.Contains("TERM=xterm", Resolve(Options with { Tty = true }).Environment);

    [Fact]
    public void Options_win_over_the_image()
    {
        var image = Image with
        {
            Configuration = Image.Configuration with
            {
                WorkingDirectory = "srv//app/",
                User = "app",
                StopSignal = "SIGQUIT",
                Labels = new Dictionary<string, string> { ["a"] = "image", ["b"] = "image" },
            },
        };
        var fromImage = Resolve(Options, image);
        var given = Resolve(
            Options with
            {
                WorkingDirectory = "/tmp/",
                User = "1:2",
                StopSignal = "9",
                StopTimeout = TimeSpan.FromSeconds(1.5),
                Hostname = "web",
                Labels = new Dictionary<string, string> { ["b"] = "option" },
            },
            image);

        Assert.Equal(("/srv/app", "app", 3, "image"), (fromImage.WorkingDirectory, fromImage.User, fromImage.StopSignal, fromImage.Labels["b"]));
        Assert.Equal(("/tmp", "1:2", 9, 2, "web"), (given.WorkingDirectory, given.User, given.StopSignal, given.StopTimeoutSeconds, given.Hostname));
        Assert.Equal(("image", "option"), (given.Labels["a"], given.Labels["b"]));
        Assert.Contains("HOSTNAME=web", given.Environment);
    }

    [Fact]
    public void Image_volumes_become_anonymous_ones_unless_something_is_mounted_there()
    {
        var image = Image with { Configuration = Image.Configuration with { Volumes = ["/data/", "/cache"] } };
        var definition = Resolve(Options with { Mounts = [MountSpecification.ParseVolume("mine:/cache")] }, image);

        Assert.Equal(
            [(MountKind.Volume, "mine", "/cache"), (MountKind.Volume, "", "/data")],
            definition.Mounts.Select(mount => (mount.Kind, mount.Source, mount.Target)));
    }

    [Fact]
    public void Mounts_are_checked_and_tidied()
    {
        File.WriteAllText(directory["file"], "");
        var definition = Resolve(Options with { Mounts = [Bind(directory["file"], "/a//b/"), Bind(directory.Path, "/c")] });

        Assert.Equal(["/a/b", "/c"], definition.Mounts.Select(mount => mount.Target));
    }

    [Theory]
    [InlineData("/surely/not/there", "/a", "VolumeSourceNotFound")]
    [InlineData("relative", "/a", "VolumeSourceRelative")]
    [InlineData("", "/a", "MountInvalid")]
    [InlineData("/", "a", "MountTargetInvalid")]
    [InlineData("/", "/", "MountTargetInvalid")]
    [InlineData("/", "/a/../b", "MountTargetInvalid")]
    [InlineData("/", "/proc", "MountTargetInvalid")]
    [InlineData("/", "/proc/sys", "MountTargetInvalid")]
    public void Mount_is_refused(string source, string target, string errorId) => AssertError(errorId, Options with { Mounts = [Bind(source, target)] });

    [Fact]
    public void Mount_on_a_file_that_only_informs_is_taken() =>
        Assert.Single(Resolve(Options with { Mounts = [Bind("/dev/null", "/proc/uptime")] }).Mounts);

    [Fact]
    public void Two_mounts_on_one_target_are_refused() => AssertError(
        "MountTargetDuplicate", Options with { Mounts = [MountSpecification.ParseVolume("a:/x"), MountSpecification.ParseTmpfs("/x/")] });

    [Fact]
    public void Options_that_no_text_form_lets_through_are_refused()
    {
        var tmpfs = new MountSpecification { Kind = MountKind.Tmpfs, Target = "/t", TmpfsFlags = ["mpol=bind"] };

        AssertError("MountInvalid", Options with { Mounts = [tmpfs] });
        AssertError("MountInvalid", Options with { Mounts = [Bind("/", "/a") with { Propagation = "rshared" }] });
        AssertError("MountInvalid", Options with { Mounts = [new() { Kind = MountKind.Volume, Source = "a b", Target = "/a" }] });
    }

    public static TheoryData<string, ContainerOptions> Refused => new()
    {
        { "WorkingDirectoryInvalid", Options with { WorkingDirectory = "tmp" } },
        { "UserInvalid", Options with { User = "a:b:c" } },
        { "UserInvalid", Options with { User = ":staff" } },
        { "UserInvalid", Options with { User = "a b" } },
        { "HostnameInvalid", Options with { Hostname = "" } },
        { "HostnameInvalid", Options with { Hostname = "-a" } },
        { "HostnameInvalid", Options with { Hostname = "a b" } },
        { "HostnameInvalid", Options with { Hostname = new string('a', 65) } },
        { "EnvironmentInvalid", Options with { Environment = new Dictionary<string, string> { [""] = "1" } } },
        { "EnvironmentInvalid", Options with { Environment = new Dictionary<string, string> { ["A=B"] = "1" } } },
        { "EnvironmentFileNotFound", Options with { EnvironmentFiles = ["/surely/not/there"] } },
        { "LabelInvalid", Options with { Labels = new Dictionary<string, string> { [""] = "1" } } },
        { "SignalInvalid", Options with { StopSignal = "SIGNOSUCH" } },
        { "StopTimeoutInvalid", Options with { StopTimeout = TimeSpan.FromSeconds(-1) } },
        { "StopTimeoutInvalid", Options with { StopTimeout = TimeSpan.MaxValue } },
        { "NetworkOptionConflict", Options with { Networks = [new() { Network = "none" }, new() { Network = "web" }] } },
        { "NetworkOptionConflict", Options with { Networks = [new() { Network = "host" }], Ports = [PortMapping.Parse("80")] } },
        { "NetworkOptionConflict", Options with { Networks = [new() { Network = "none" }], PublishAll = true } },
        { "SizeInvalid", Options with { SharedMemoryBytes = 0 } },
        { "MountTargetDuplicate", Options with { SharedMemoryBytes = 1 << 20, Mounts = [MountSpecification.ParseTmpfs("/dev/shm")] } },
        { "NetworkOptionConflict", Options with { Networks = [new() { Network = "host" }], Sysctls = Pairs("net.core.somaxconn", "1") } },
        { "SysctlInvalid", Options with { Sysctls = Pairs("kernel.panic", "1") } },
        { "SysctlInvalid", Options with { Sysctls = Pairs("kernel.shmmax", "") } },
        { "SysctlInvalid", Options with { Sysctls = Pairs("net.", "1") } },
        { "SysctlInvalid", Options with { Sysctls = Pairs("net.//.kernel.panic", "1") } },
        { "SysctlInvalid", Options with { Sysctls = Pairs("net./.kernel", "1") } },
        { "SysctlInvalid", Options with { Sysctls = Pairs("net/../kernel", "1") } },
        { "PortInvalid", Options with { ExposedPorts = ["0"] } },
        { "PortInvalid", Options with { ExposedPorts = ["8080:80"] } },
        { "PortInvalid", Options with { ExposedPorts = ["90-80"] } },
        { "PortInvalid", Options with { ExposedPorts = ["80/icmp"] } },
        { "PortDuplicate", Options with { Networks = [new() { Network = "web" }], Ports = [PortMapping.Parse("80:80"), PortMapping.Parse("0.0.0.0:80:81")] } },
        { "RestartPolicyInvalid", Options with { RestartPolicy = new(RestartCondition.OnFailure, -1) } },
        { "CapabilityUnknown", Options with { CapAdd = ["NOSUCH"] } },
        { "CapabilityUnknown", Options with { CapDrop = ["NOSUCH"] } },
        { "SecurityOptionInvalid", Options with { SecurityOptions = ["apparmor=x"] } },
        { "UlimitInvalid", Options with { Ulimits = [new("nosuch", 1, 1)] } },
        { "UlimitInvalid", Options with { Ulimits = [new("core", 2, 1)] } },
        { "UlimitInvalid", Options with { Ulimits = [new("core", 1, 1), new("core", 2, 2)] } },
        { "DeviceNotFound", Options with { Devices = [new("/dev/surely-not-there", "/dev/x", "rwm")] } },
        { "DeviceInvalid", Options with { Devices = [new("/dev", "/dev/x", "rwm")] } },
        { "DeviceInvalid", Options with { Devices = [new("/proc/version", "/dev/x", "rwm")] } },
        { "DevicePermissionUnsupported", Options with { Devices = [new("/dev/null", "/dev/x", "r")] } },
        { "MountTargetInvalid", Options with { Devices = [new("/dev/null", "x", "rw")] } },
        { "LimitTooSmall", Options with { Limits = new() { MemoryBytes = 1 } } },
        { "CpuSetUnavailable", Options with { Limits = new() { CpuSet = "99" } } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Option_is_refused(string errorId, ContainerOptions options) => AssertError(errorId, options);

    [Fact]
    public void What_this_host_lacks_is_refused_only_when_it_is_asked_for()
    {
        var host = Plans.Host with
        {
            Capabilities = Plans.AllCapabilities & ~Capabilities.Parse("SYS_RESOURCE") & ~Capabilities.Parse("NET_RAW"),
            HardLimits = [.. Enumerable.Repeat(100UL, 16)],
        };

        Assert.NotNull(Resolve(Options with { CapAdd = ["ALL"] }, host: host));
        AssertError("CapabilityUnavailable", Options with { CapAdd = ["NET_RAW"] }, host: host);
        AssertError("UlimitTooHigh", Options with { Ulimits = [new("nproc", 1, 101)] }, host: host);
    }

    [Fact]
    public void Ports_are_exposed_beside_those_of_the_image()
    {
        var image = Image with { Configuration = new() { Command = ["sh"], ExposedPorts = ["8080/tcp", "53/udp"] } };

        Assert.Null(Resolve(Options).ExposedPorts);
        Assert.Equal(["8080/tcp", "53/udp"], Resolve(Options, image).ExposedPorts);
        Assert.Equal(["8080/tcp", "53/udp", "53/tcp", "90/sctp", "91/sctp"], Resolve(Options with { ExposedPorts = ["53", "8080/TCP", "90-91/sctp"] }, image).ExposedPorts);
        Assert.Null(Resolve(Options with { ExposedPorts = ["53"] }, image).Ports);
    }

    [Fact]
    public void All_exposed_ports_that_nothing_else_publishes_get_a_free_port()
    {
        var image = Image with { Configuration = new() { Command = ["sh"], ExposedPorts = ["8080/tcp", "53/udp", "443"] } };
        var options = Options with { PublishAll = true, ExposedPorts = ["53"], Ports = [PortMapping.Parse("0.0.0.0:80:443")] };

        Assert.Equal(
            ["0.0.0.0:80:443/tcp", "127.0.0.1::53/tcp", "127.0.0.1::53/udp", "127.0.0.1::8080/tcp"],
            Resolve(options, image).Ports!.Select(static port => port.ToString()));
        Assert.Null(Resolve(Options with { PublishAll = true }).Ports);
    }

    [Fact]
    public void Bad_name_is_refused() => Assert.Equal(
        "ContainerNameInvalid",
        Assert.Throws<CanException>(() => DefinitionResolver.Resolve(Plans.Root, Options, Image, Plans.Host, Plans.Id, "a/b", default)).ErrorId);

    [Fact]
    public void Device_is_taken() => Assert.Single(Resolve(Options with { Devices = [DeviceMapping.Parse("/dev/null:/dev/x")] }).Devices);

    private static Dictionary<string, string> Pairs(string name, string value) => new() { [name] = value };

    private static MountSpecification Bind(string source, string target) => new() { Kind = MountKind.Bind, Source = source, Target = target };

    private static string[]? Words(string? text) => text?.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static ContainerDefinition Resolve(ContainerOptions options, ImageRecord? image = null, HostFacts? host = null) =>
        DefinitionResolver.Resolve(Plans.Root, options, image ?? Image, host ?? Plans.Host, Plans.Id, "c1", DateTimeOffset.UnixEpoch);

    private static void AssertError(string errorId, ContainerOptions options, ImageRecord? image = null, HostFacts? host = null) =>
        Assert.Equal(errorId, Assert.Throws<CanException>(() => Resolve(options, image, host)).ErrorId);
}
