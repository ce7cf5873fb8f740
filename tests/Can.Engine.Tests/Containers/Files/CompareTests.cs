using Can.Engine.Containers;
using Can.Engine.Tests.Images;

namespace Can.Engine.Tests.Containers.Files;

/// <summary>What a container changes is told as it is in its writable layer, and nothing of what the engine itself put there.</summary>
public sealed class CompareTests(EngineFixture can) : IClassFixture<EngineFixture>
{
    [RootFact]
    public void A_container_that_changed_nothing_has_no_changes()
    {
        File.WriteAllText(can.PathOf("file"), "x");
        var options = can.Script("true") with
        {
            Mounts =
            [
                MountSpecification.ParseVolume("/data"), MountSpecification.ParseVolume("/deep/er/place"), MountSpecification.ParseVolume("/deep/er/place/inner"),
                MountSpecification.ParseVolume("/sbin/by/link"), MountSpecification.ParseVolume($"{can.PathOf("file")}:/etc/settings/file:ro"),
                MountSpecification.ParseVolume("/home"),
            ],
        };

        Assert.Empty(Changes(can.WaitExited(can.Start(options))));
        Assert.Empty(Changes(can.Containers.Create(can.Script("true"), start: false, CancellationToken.None)));
    }

    [RootFact]
    public void Added_modified_and_deleted_paths_are_told_with_the_directories_they_are_in()
    {
        var container = can.RunToEnd("echo new > /etc/new; echo x >> /etc/passwd; rm /etc/group; mkdir -p /srv/a/b; ln -s a /srv/link; mkfifo /srv/pipe; rm -r /var");

        Assert.Equal(
            [
                "Modified Directory /etc", "Deleted File /etc/group", "Added File /etc/new", "Modified File /etc/passwd",
                "Added Directory /srv", "Added Directory /srv/a", "Added Directory /srv/a/b", "Added SymbolicLink /srv/link", "Added Fifo /srv/pipe",
                "Deleted Directory /var",
            ],
            Changes(container));
        Assert.Equal(4, All(container).Single(change => change.Path == "/etc/new").Size);
    }

    [RootFact]
    public void A_directory_whose_own_attributes_changed_is_modified_and_one_that_is_as_before_is_not()
    {
        Assert.Equal(["Modified Directory /home"], Changes(can.RunToEnd("chmod 700 /home")));
        Assert.Equal(["Modified Directory /home"], Changes(can.RunToEnd("chown 5:6 /home")));
        Assert.Empty(Changes(can.RunToEnd("chmod 700 /home; chmod 755 /home")));
    }

    [RootFact]
    public void A_directory_made_anew_hides_what_was_in_it()
    {
        var container = can.RunToEnd("rm -r /var /etc; mkdir /var /etc /etc/tmp; echo x > /etc/passwd; echo y > /var/tmp");

        Assert.Equal(
            [
                "Modified Directory /etc", "Deleted File /etc/group", "Modified File /etc/passwd", "Added Directory /etc/tmp",
                "Modified Directory /var", "Modified File /var/tmp",
            ],
            Changes(container).Where(line => !line.Contains("/etc/host", StringComparison.Ordinal) && !line.Contains("resolv", StringComparison.Ordinal)));
    }

    [RootFact]
    public void A_mount_point_counts_once_there_is_something_in_it()
    {
        var volume = can.Script("true") with { Mounts = [MountSpecification.ParseVolume("/made/data")] };
        var container = can.WaitExited(can.Start(volume));
        File.WriteAllText($"{Upper(container)}/made/data/hidden", "x");

        Assert.Equal(["Added Directory /made", "Added Directory /made/data", "Added File /made/data/hidden"], Changes(container));
    }

    [RootFact]
    public void A_running_container_is_compared_while_it_changes_its_files()
    {
        var container = can.Start(can.Script("echo done > /tmp/first; echo ready; while :; do mkdir -p /tmp/x/y/z; rm -r /tmp/x; done"));
        EngineFixture.Eventually(() => can.Log(container).Count > 0, "it has written");

        for (var i = 0; i < 20; i++)
        {
            Assert.Contains("Added File /tmp/first", Changes(container));
        }

        can.Containers.Remove(container.Id, force: true, CancellationToken.None);
    }

    [RootFact]
    public void Names_are_bytes_and_are_shown_as_text()
    {
        var container = can.RunToEnd("touch \"/tmp/$(printf 'caf\\303\\251')\" \"/tmp/$(printf 'a\\377b')\"");

        Assert.Equal(["Modified Directory /tmp", "Added File /tmp/a\uFFFDb", "Added File /tmp/café"], Changes(container));
    }

    [RootFact]
    public void A_whiteout_written_as_an_attribute_is_a_deletion()
    {
        var container = can.Containers.Create(can.Script("true"), start: false, CancellationToken.None);
        Directory.CreateDirectory($"{Upper(container)}/etc");
        File.Create($"{Upper(container)}/etc/group").Dispose();
        File.Create($"{Upper(container)}/etc/never").Dispose();
        ExtendedAttributes.Set($"{Upper(container)}/etc", "trusted.overlay.opaque", "x"u8.ToArray());
        ExtendedAttributes.Set($"{Upper(container)}/etc/group", "trusted.overlay.whiteout", []);
        ExtendedAttributes.Set($"{Upper(container)}/etc/never", "trusted.overlay.whiteout", []);

        Assert.Equal(["Modified Directory /etc", "Deleted File /etc/group"], Changes(container));
    }

    [RootFact]
    public void One_that_is_not_there_is_an_error() =>
        EngineFixture.Fails("ContainerNotFound", () => can.Containers.Compare(new string('0', 64), _ => { }, CancellationToken.None));

    private string Upper(Container container) => $"{can.Root.ContainerState(container.Id)}/upper";

    private List<ContainerChange> All(Container container)
    {
        var found = new List<ContainerChange>();
        can.Containers.Compare(container.Id, found.Add, CancellationToken.None);
        return found;
    }

    private List<string> Changes(Container container) => [.. All(container).Select(change => $"{change.Kind} {change.Type} {change.Path}")];
}
