using System.Collections;
using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers.Options;

/// <summary>The text and hashtable forms of mounts, and the hashtable forms of the other options.</summary>
public sealed class MountTextTests
{
    [Theory]
    [InlineData("/src:/dst", MountKind.Bind, "/src", "/dst", false)]
    [InlineData("/src:/dst/:ro", MountKind.Bind, "/src", "/dst", true)]
    [InlineData("/src:/a//b:ro,z", MountKind.Bind, "/src", "/a/b", true)]
    [InlineData("data:/dst", MountKind.Volume, "data", "/dst", false)]
    [InlineData("data:/dst:ro", MountKind.Volume, "data", "/dst", true)]
    [InlineData("/dst", MountKind.Volume, "", "/dst", false)]
    [InlineData("/dst:ro", MountKind.Volume, "", "/dst", true)]
    public void Volume_is_read(string text, MountKind kind, string source, string target, bool readOnly)
    {
        var mount = MountSpecification.ParseVolume(text);

        Assert.Equal((kind, source, target, readOnly), (mount.Kind, mount.Source, mount.Target, mount.ReadOnly));
        Assert.Equal(mount, MountSpecification.Parse(text) with { TmpfsFlags = mount.TmpfsFlags });
    }

    [Fact]
    public void Volume_options_are_read()
    {
        Assert.Equal("rslave", MountSpecification.ParseVolume("/src:/dst:rslave,ro").Propagation);
        Assert.True(MountSpecification.ParseVolume("data:/dst:nocopy").NoCopy);
    }

    [Theory]
    [InlineData("", "MountTargetInvalid")]
    [InlineData("a:b:c:d", "VolumeInvalid")]
    [InlineData(":/dst", "VolumeInvalid")]
    [InlineData("/src:/dst:maybe", "VolumeInvalid")]
    [InlineData("/src:/dst:rshared", "VolumeInvalid")]
    [InlineData("/src:/dst:nocopy", "VolumeInvalid")]
    [InlineData("data:/dst:rslave", "VolumeInvalid")]
    [InlineData("-data:/dst", "VolumeInvalid")]
    [InlineData("./src:/dst", "VolumeSourceRelative")]
    [InlineData("../src:/dst", "VolumeSourceRelative")]
    [InlineData("..:/dst", "VolumeSourceRelative")]
    [InlineData("src/sub:/dst", "VolumeSourceRelative")]
    [InlineData("/src:dst", "MountTargetInvalid")]
    [InlineData("/src:/", "MountTargetInvalid")]
    [InlineData("/src:/a/../b", "MountTargetInvalid")]
    public void Volume_is_refused(string text, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<CanException>(() => MountSpecification.ParseVolume(text)).ErrorId);

    [Fact]
    public void Bind_mount_is_read()
    {
        var mount = MountSpecification.ParseMount("type=bind,src=/a,dst=/b,readonly,bind-propagation=rslave,bind-nonrecursive");

        Assert.Equal(
            new MountSpecification
            {
                Kind = MountKind.Bind,
                Source = "/a",
                Target = "/b",
                ReadOnly = true,
                Propagation = "rslave",
                Recursive = false,
                TmpfsFlags = mount.TmpfsFlags,
            },
            mount);
    }

    [Fact]
    public void Volume_mount_is_read()
    {
        var mount = MountSpecification.Parse("type=volume,source=data,target=/b,volume-nocopy,ro=false");

        Assert.Equal((MountKind.Volume, "data", true, false), (mount.Kind, mount.Source, mount.NoCopy, mount.ReadOnly));
    }

    [Fact]
    public void Tmpfs_mount_is_read()
    {
        var mount = MountSpecification.ParseMount("type=tmpfs,target=/b,tmpfs-size=64m,tmpfs-mode=1770");

        Assert.Equal((MountKind.Tmpfs, 64L << 20, 0x3F8), (mount.Kind, mount.TmpfsSizeBytes, mount.TmpfsMode));
    }

    [Theory]
    [InlineData("type=bind,source=/a", "MountInvalid")]
    [InlineData("type=bind,target=/b", "MountInvalid")]
    [InlineData("type=nfs,source=/a,target=/b", "MountInvalid")]
    [InlineData("type=bind,source=/a,target=/b,colour=red", "MountInvalid")]
    [InlineData("type=bind,source=/a,target=/b,target=/c", "MountInvalid")]
    [InlineData("type=bind,source=/a,src=/c,target=/b", "MountInvalid")]
    [InlineData("type=bind,source=/a,target=/b,readonly=maybe", "MountInvalid")]
    [InlineData("type=bind,source=/a,target=/b,tmpfs-size=1m", "MountInvalid")]
    [InlineData("type=bind,source=/a,target=/b,bind-propagation=shared", "MountInvalid")]
    [InlineData("type=tmpfs,source=/a,target=/b", "MountInvalid")]
    [InlineData("type=tmpfs,target=/b,tmpfs-mode=9", "MountInvalid")]
    [InlineData("type=tmpfs,target=/b,tmpfs-size=big", "SizeInvalid")]
    [InlineData("type=bind,source=a,target=/b", "VolumeSourceRelative")]
    [InlineData("type=bind,source=/a,target=b", "MountTargetInvalid")]
    public void Mount_is_refused(string text, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<CanException>(() => MountSpecification.ParseMount(text)).ErrorId);

    [Fact]
    public void Tmpfs_is_read()
    {
        var mount = MountSpecification.ParseTmpfs("/run:rw,exec,size=64m,mode=755,uid=1000");

        Assert.Equal((MountKind.Tmpfs, "/run", 64L << 20, 0x1ED), (mount.Kind, mount.Target, mount.TmpfsSizeBytes, mount.TmpfsMode));
        Assert.Equal(["rw", "exec", "uid=1000"], mount.TmpfsFlags);
        Assert.True(MountSpecification.ParseTmpfs("/run:ro").ReadOnly);
    }

    [Theory]
    [InlineData("/run:dev")]
    [InlineData("/run:mode=8")]
    [InlineData("/run:uid=root")]
    [InlineData("/run:mpol=bind")]
    public void Tmpfs_is_refused(string text) =>
        Assert.Equal("MountInvalid", Assert.Throws<CanException>(() => MountSpecification.ParseTmpfs(text)).ErrorId);

    [Fact]
    public void Mount_is_taken_from_a_hashtable()
    {
        var mount = MountSpecification.FromDictionary(new Hashtable { ["source"] = "/a,b", ["Target"] = "/b", ["READONLY"] = true });

        Assert.Equal((MountKind.Bind, "/a,b", "/b", true), (mount.Kind, mount.Source, mount.Target, mount.ReadOnly));

        var tmpfs = MountSpecification.FromDictionary(
            new Hashtable { ["Type"] = "tmpfs", ["Target"] = "/t", ["TmpfsSize"] = 1024, ["TmpfsMode"] = 700, ["TmpfsFlags"] = new List<string> { "exec" } });
        Assert.Equal((1024, 0x1C0), (tmpfs.TmpfsSizeBytes, tmpfs.TmpfsMode));
        Assert.Equal(["exec"], tmpfs.TmpfsFlags);
    }

    [Fact]
    public void Unknown_names_of_a_hashtable_are_refused()
    {
        Hashtable extra = new() { ["Extra"] = 1 };
        Action[] readers =
        [
            () => MountSpecification.FromDictionary(new Hashtable(extra) { ["Target"] = "/t" }),
            () => Ulimit.FromDictionary(new Hashtable(extra) { ["Name"] = "core", ["Soft"] = 0 }),
            () => DeviceMapping.FromDictionary(new Hashtable(extra) { ["Path"] = "/dev/null" }),
            () => DeviceRate.FromDictionary(new Hashtable(extra) { ["Path"] = "/dev/sda", ["Rate"] = 1 }),
            () => RestartPolicy.FromDictionary(new Hashtable(extra) { ["Condition"] = "always" }),
        ];

        Assert.All(readers, reader => Assert.Contains("'Extra'", Assert.Throws<CanException>(reader).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Other_options_are_taken_from_hashtables()
    {
        Assert.Equal(new Ulimit("core", 0, 0), Ulimit.FromDictionary(new Hashtable { ["Name"] = "core", ["Soft"] = 0 }));
        Assert.Equal(new Ulimit("core", 0, -1), Ulimit.FromDictionary(new Hashtable { ["Name"] = "core", ["Soft"] = 0, ["Hard"] = -1 }));
        Assert.Equal(new DeviceMapping("/dev/a", "/dev/b", "rwm"), DeviceMapping.FromDictionary(new Hashtable { ["HostPath"] = "/dev/a", ["ContainerPath"] = "/dev/b" }));
        Assert.Equal(new DeviceRate("/dev/sda", 1048576), DeviceRate.FromDictionary(new Hashtable { ["Path"] = "/dev/sda", ["BytesPerSecond"] = "1mb" }));
        Assert.Equal(new RestartPolicy(RestartCondition.OnFailure, 2), RestartPolicy.FromDictionary(new Hashtable { ["Condition"] = RestartCondition.OnFailure, ["MaximumRetries"] = 2 }));
    }
}
