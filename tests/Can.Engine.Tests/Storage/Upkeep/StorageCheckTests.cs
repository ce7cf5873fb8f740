using Can.Engine.Images;
using Can.Engine.Storage.Upkeep;
using Can.Engine.Tests.Images;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Storage.Upkeep;

/// <summary>Each kind of damage is found, said once, and repaired as far as that can be done.</summary>
public sealed class StorageCheckTests : IDisposable
{
    private readonly ImageRoot root = new();
    private readonly Image image;

    public StorageCheckTests()
    {
        root.WriteTar("base.tar", Folder("bin"), Text("bin/tool", "base"), Text("etc", "base"), Link("link", "bin"), Text("twice", "first"), Text("twice", "second time"));
        root.WriteTar("top.tar", Text("deep/er/file", "top"), Text(".wh.etc", ""), HardLink("again", "deep/er/file"));
        root.Directory.Shell("gzip -n < top.tar > top.gz");
        image = HandMadeImage.Store(root.Engine, ["app"], "", root.Directory["base.tar"], root.Directory["top.gz"]);
    }

    private string Blobs => $"{root.Engine.Root.State}/images/blobs/sha256";

    private string Index => $"{root.Engine.Root.State}/images/index.json";

    public void Dispose() => root.Dispose();

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_whole_store_has_no_problem(bool deep)
    {
        Assert.Empty(Check(deep));
        Assert.Empty(Directory.GetFileSystemEntries($"{root.Engine.Root.State}/staging"));
    }

    [RootFact]
    public void A_store_that_was_never_used_has_no_problem()
    {
        using var empty = new ImageRoot();

        Assert.Empty(empty.Engine.Storage.Check(true, null, default));
    }

    [RootFact]
    public void A_damaged_blob_is_found_with_the_image_that_needs_it()
    {
        File.AppendAllText(Directory.GetFiles(Blobs).Single(path => File.ReadAllBytes(path) is [0x1F, 0x8B, ..]), "x");

        var problems = Check();

        Assert.Equal([StorageProblemKind.Blob, StorageProblemKind.Image], problems.Select(problem => problem.Kind));
        Assert.Contains("app:latest", problems[1].Problem, StringComparison.Ordinal);
        Repair(problems);
        Assert.Empty(root.Engine.Images.List());
        Assert.Empty(Check());
        Assert.Equal(image.Id, HandMadeImage.Store(root.Engine, ["app"], "", root.Directory["base.tar"], root.Directory["top.gz"]).Id);
        Assert.Empty(Check(deep: true));
    }

    [RootTheory]
    [InlineData("manifest")]
    [InlineData("configuration")]
    [InlineData("layer")]
    public void A_missing_blob_is_found(string what)
    {
        File.Delete($"{Blobs}/{what switch { "manifest" => image.Digest["sha256:".Length..], "configuration" => image.Id, _ => image.Layers[0] }}");

        var problem = Assert.Single(Check());

        Assert.Equal(StorageProblemKind.Image, problem.Kind);
        Assert.Contains("missing", problem.Problem, StringComparison.Ordinal);
        Repair([problem]);
        Assert.Empty(Check());
    }

    [RootFact]
    public void What_is_left_of_one_image_does_no_harm_to_another()
    {
        var other = HandMadeImage.Store(root.Engine, ["other"], "\"author\":\"other\"", root.Directory["base.tar"]);
        File.Delete($"{Blobs}/{image.Id}");

        Repair(Check());

        Assert.Equal(other.Id, Assert.Single(root.Engine.Images.List()).Id);
        Assert.Empty(Check(deep: true));
    }

    [RootTheory]
    [InlineData("rm ROOT/bin/tool")]
    [InlineData("echo much more >> ROOT/bin/tool")]
    [InlineData("rm -r ROOT")]
    [InlineData("rm ROOT/../layer.json")]
    [InlineData("echo '{' > ROOT/../layer.json")]
    [InlineData("rm -r $(dirname ROOT)")]
    public void A_layer_that_lost_something_is_found_and_unpacked_anew(string damage)
    {
        root.Directory.Shell(damage.Replace("ROOT", root.Engine.Root.LayerRoot(image.Layers[0]), StringComparison.Ordinal));

        var problem = Assert.Single(Check());

        Assert.Equal(StorageProblemKind.Layer, problem.Kind);
        Repair([problem]);
        Assert.True(problem.Repaired);
        Assert.Empty(Check(deep: true));
        Assert.Equal("base", File.ReadAllText($"{root.Engine.Root.LayerRoot(image.Layers[0])}/bin/tool"));
    }

    [RootTheory]
    [InlineData("printf BASE > ROOT/bin/tool; touch -d @0 ROOT/bin/tool", "content")]
    [InlineData("chmod 600 ROOT/bin/tool", "mode")]
    [InlineData("chown 5 ROOT/bin/tool", "owner")]
    [InlineData("touch ROOT/bin/tool", "time")]
    [InlineData("ln -sfn nowhere ROOT/link; touch -hd @0 ROOT/link", "size")]
    [InlineData("ln -sfn nib ROOT/link; touch -hd @0 ROOT/link", "leads elsewhere")]
    [InlineData("mv ROOT/etc ROOT/cte", "missing")]
    [InlineData("rm ROOT/etc; mkdir ROOT/etc", "kind")]
    public void A_deep_look_finds_every_change_of_a_layer(string damage, string what)
    {
        root.Directory.Shell(damage.Replace("ROOT", root.Engine.Root.LayerRoot(image.Layers[0]), StringComparison.Ordinal));

        var problem = Assert.Single(Check(deep: true));

        Assert.Equal(StorageProblemKind.Layer, problem.Kind);
        Assert.Contains(what, problem.Problem, StringComparison.Ordinal);
        Repair([problem]);
        Assert.Empty(Check(deep: true));
    }

    [RootFact]
    public void A_deep_look_finds_an_attribute_too_many()
    {
        ExtendedAttributes.Set($"{root.Engine.Root.LayerRoot(image.Layers[0])}/bin", "trusted.overlay.opaque", [(byte)'y']);

        Assert.Contains("attributes", Assert.Single(Check(deep: true)).Problem, StringComparison.Ordinal);
    }

    [RootFact]
    public void References_that_are_none_and_that_mean_two_images_are_found()
    {
        HandMadeImage.Store(root.Engine, ["other"], "\"author\":\"other\"", root.Directory["base.tar"]);
        File.WriteAllText(Index, File.ReadAllText(Index).Replace("other:latest", "app:latest", StringComparison.Ordinal));

        var problem = Assert.Single(Check());
        Assert.Equal(StorageProblemKind.Index, problem.Kind);
        Repair([problem]);
        Assert.Equal(2, root.Engine.Images.List().Count);

        root.Engine.Images.AddReferences(image.Id, ["app"]);
        File.WriteAllText(Index, File.ReadAllText(Index).Replace("app:latest", "Not A Reference", StringComparison.Ordinal));
        Repair([Assert.Single(Check())]);
        Assert.Empty(Check());
    }

    [RootFact]
    public void A_damaged_index_is_found()
    {
        File.WriteAllText(Index, "{");

        var problem = Assert.Single(Check());

        Assert.Equal((StorageProblemKind.Index, false), (problem.Kind, problem.CanRepair));
    }

    [RootFact]
    public void Leftovers_are_found_and_removed()
    {
        var left = $"{root.Engine.Root.State}/staging/{Guid.NewGuid():n}";
        Directory.CreateDirectory(left);
        File.WriteAllBytes($"{left}/lock", []);

        var problem = Assert.Single(Check());

        Assert.Equal(StorageProblemKind.Leftover, problem.Kind);
        Repair([problem]);
        Assert.Empty(Check());
    }

    [RootFact]
    public void Volumes_are_looked_at()
    {
        root.Engine.Volumes.Create("whole", null);
        root.Engine.Volumes.Create("broken", null);
        File.WriteAllText($"{root.Engine.Root.State}/volumes/broken/volume.json", "{");

        var problem = Assert.Single(Check());

        Assert.Equal(StorageProblemKind.Volume, problem.Kind);
        Assert.EndsWith("/broken", problem.Path, StringComparison.Ordinal);
    }

    private IReadOnlyList<StorageProblem> Check(bool deep = false) => root.Engine.Storage.Check(deep, null, default);

    private static void Repair(IEnumerable<StorageProblem> problems)
    {
        foreach (var problem in problems)
        {
            problem.Repair(default);
        }
    }
}
