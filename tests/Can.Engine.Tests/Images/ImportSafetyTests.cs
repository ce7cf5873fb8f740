using Can.Engine.Images.Tar;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Images;

/// <summary>Archives made to do harm, or merely odd ones.</summary>
public sealed class ImportSafetyTests : IDisposable
{
    private readonly ImageRoot root = new();

    public ImportSafetyTests() => root.Directory.Shell("mkdir outside; echo old > outside/file");

    public void Dispose()
    {
        try
        {
            Assert.Equal("old\n", File.ReadAllText(root.Directory["outside/file"]));
            Assert.Single(Directory.GetFileSystemEntries(root.Directory["outside"]));
        }
        finally
        {
            root.Dispose();
        }
    }

    [Theory]
    [InlineData("../file")]
    [InlineData("a/../../file")]
    [InlineData("a/..")]
    [InlineData("/..")]
    public void A_name_with_dots_is_refused(string name)
    {
        root.WriteTar("root.tar", Text("before"), Text(name));

        var error = root.ImportFails("root.tar");

        Assert.Equal("ImageUnsafePath", error.ErrorId);
        Assert.Equal(name, error.Target);
    }

    [Fact]
    public void An_absolute_name_is_taken_below_the_root()
    {
        root.WriteTar("root.tar", Text($"{root.Directory["outside/file"]}", "new"), Text("//double//slash"), Text("./a/./b"));

        var files = root.RootOf(root.Import("root.tar"));

        Assert.Equal("new", File.ReadAllText(files + root.Directory["outside/file"]));
        Assert.True(File.Exists($"{files}/double/slash"));
        Assert.True(File.Exists($"{files}/a/b"));
    }

    [Fact]
    public void A_link_that_leads_outside_leads_to_the_same_path_inside()
    {
        var outside = root.Directory["outside"];
        root.WriteTar("root.tar", Folder(outside), Link("absolute", outside), Text("absolute/file", "new"), Link("relative", "../../../../../../../../.." + outside), Text("relative/second"));

        var files = root.RootOf(root.Import("root.tar"));

        Assert.Equal("new", File.ReadAllText($"{files}{outside}/file"));
        Assert.True(File.Exists($"{files}{outside}/second"));
    }

    [Fact]
    public void A_file_through_a_link_to_nowhere_is_refused()
    {
        root.WriteTar("root.tar", Link("evil", root.Directory["outside"]), Text("evil/file", "new"));

        Assert.Equal("ImageUnsafePath", root.ImportFails("root.tar").ErrorId);
    }

    [Fact]
    public void Links_within_the_root_are_gone_through()
    {
        root.WriteTar("root.tar", Folder("usr/lib"), Link("lib", "usr/lib"), Text("lib/x"), Link("lib64", "/lib"), Text("lib64/y"));

        var files = root.RootOf(root.Import("root.tar"));

        Assert.True(File.Exists($"{files}/usr/lib/x"));
        Assert.True(File.Exists($"{files}/usr/lib/y"));
        Assert.Equal("usr/lib", new FileInfo($"{files}/lib").LinkTarget);
    }

    [Fact]
    public void A_file_in_the_place_of_a_link_replaces_the_link_and_not_what_it_leads_to()
    {
        root.WriteTar("root.tar", Text("target", "old"), Link("name", "target"), Text("name", "new"), Link("out", root.Directory["outside/file"]), Text("out", "new"));

        var files = root.RootOf(root.Import("root.tar"));

        Assert.Equal("old", File.ReadAllText($"{files}/target"));
        Assert.Equal("new", File.ReadAllText($"{files}/name"));
        Assert.Null(new FileInfo($"{files}/out").LinkTarget);
    }

    [Theory]
    [InlineData("../outside/file", "ImageUnsafePath")]
    [InlineData("/outside/file", "ImageCorrupt")]
    [InlineData("out/file", "ImageCorrupt")]
    [InlineData("missing", "ImageCorrupt")]
    [InlineData("folder", "ImageCorrupt")]
    public void A_hard_link_to_what_is_no_file_of_the_archive_is_refused(string target, string error)
    {
        root.WriteTar("root.tar", Folder("folder"), Link("out", root.Directory["outside"]), HardLink("hard", target));

        Assert.Equal(error, root.ImportFails("root.tar").ErrorId);
    }

    [Fact]
    public void A_hard_link_through_a_link_stays_inside()
    {
        var outside = root.Directory["outside"];
        root.WriteTar("root.tar", Text($"{outside}/file", "inside"), Link("out", outside), HardLink("hard", "out/file"));

        Assert.Equal("inside", File.ReadAllText($"{root.RootOf(root.Import("root.tar"))}/hard"));
    }

    [Fact]
    public void Of_entries_of_one_name_the_last_one_stays_whatever_its_type()
    {
        root.WriteTar(
            "root.tar",
            Text("a"), Folder("a"), Text("a/inner"),
            Folder("b/deep/er"), Text("b/deep/er/file"), Text("b", "file now"),
            Link("c", "a"), Folder("c"), Text("c/own"),
            Text("d", "long text"), Text("d", "short"),
            Folder("e"), Text("e/kept"), Folder("e"),
            Text("f"), HardLink("g", "f"), Text("f", "another"),
            Text("h/x"), Link("h", "a"), Text("h/y"));

        var files = root.RootOf(root.Import("root.tar"));

        Assert.True(File.Exists($"{files}/a/inner"));
        Assert.Equal("file now", File.ReadAllText($"{files}/b"));
        Assert.True(File.Exists($"{files}/c/own"));
        Assert.False(File.Exists($"{files}/a/own"));
        Assert.Equal("short", File.ReadAllText($"{files}/d"));
        Assert.True(File.Exists($"{files}/e/kept"));
        Assert.Equal("text", File.ReadAllText($"{files}/g"));
        Assert.True(File.Exists($"{files}/a/y"));
    }

    [Fact]
    public void A_file_used_as_a_directory_is_refused()
    {
        root.WriteTar("root.tar", Text("a"), Text("a/b"));

        Assert.Equal("ImageCorrupt", root.ImportFails("root.tar").ErrorId);
    }

    [Fact]
    public void Marks_of_an_overlay_do_not_come_in()
    {
        var marked = Folder("marked");
        marked.Entry.ExtendedAttributes.Add(new("trusted.overlay.opaque"u8.ToArray(), "y"u8.ToArray()));
        marked.Entry.ExtendedAttributes.Add(new("trusted.other"u8.ToArray(), "kept"u8.ToArray()));
        marked.Entry.ExtendedAttributes.Add(new("user.overlay.opaque"u8.ToArray(), "y"u8.ToArray()));
        root.WriteTar("root.tar", marked);

        var files = root.RootOf(root.Import("root.tar"));

        Assert.Equal(["/marked trusted.other=6B657074"], ExtendedAttributes.Describe(files));
        Assert.Equal([$"{files}/marked"], Directory.GetFileSystemEntries(files, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_name_with_a_NUL_is_refused()
    {
        // Longer than a header's field, so that it is in a pax record, where a NUL is possible.
        root.WriteTar("root.tar", Text(new string('n', 120) + "\0/../evil"));

        Assert.Equal("ImageUnsafePath", root.ImportFails("root.tar").ErrorId);
    }

    [Fact]
    public void A_name_too_long_for_the_file_system_is_refused()
    {
        root.WriteTar("root.tar", Text(new string('n', 256)));

        Assert.Equal("ImageCorrupt", root.ImportFails("root.tar").ErrorId);
    }

    [Fact]
    public void A_root_that_is_no_directory_is_refused()
    {
        root.WriteTar("root.tar", Link("./", "outside"));

        Assert.Equal("ImageCorrupt", root.ImportFails("root.tar").ErrorId);
    }

    [Fact]
    public void Set_id_bits_survive_the_change_of_owner()
    {
        var tool = Text("tool");
        (tool.Entry.Mode, tool.Entry.User, tool.Entry.Group) = (0xDED /* 06755 */, 1000, 1000);
        root.WriteTar("root.tar", tool);

        Assert.Equal("6755 1000:1000\n", root.Directory.Shell($"stat -c '%a %u:%g' '{root.RootOf(root.Import("root.tar"))}/tool'"));
    }

    [Fact]
    public void The_modes_of_devices_and_pipes_are_exact_and_missing_directories_are_open_to_all()
    {
        var device = (Entry(TarEntryType.CharacterDevice, "dev/null", mode: 0x1B6), "");
        (device.Item1.DeviceMajor, device.Item1.DeviceMinor) = (1, 3);
        root.WriteTar("root.tar", device, (Entry(TarEntryType.Fifo, "run/pipe", mode: 0x1B6), ""));

        Assert.Equal(
            "character special file 666 1:3\nfifo 666 0:0\ndirectory 755 0:0\n",
            root.Directory.Shell($"cd '{root.RootOf(root.Import("root.tar"))}'; stat -c '%F %a %t:%T' dev/null run/pipe run"));
    }
}
