using System.Security.Cryptography;
using System.Text.Json;
using Can.Engine.Images;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Images;

public sealed class ImageServiceTests : IDisposable
{
    private readonly ImageRoot root = new();

    public ImageServiceTests()
    {
        root.WriteTar("one.tar", Text("one", "1"));
        root.WriteTar("two.tar", Text("two", "22"));
    }

    private ImageService Images => root.Engine.Images;

    public void Dispose() => root.Dispose();

    [Fact]
    public void An_imported_image_is_found_by_reference_Id_and_prefix()
    {
        var image = root.Import("one.tar", "team/app");

        foreach (var name in new[] { "team/app", "team/app:latest", image.Id, image.ShortId, image.Id[..1] })
        {
            Assert.Equivalent(image, Images.Get(name), strict: true);
        }

        Assert.Equal(["team/app:latest"], image.References);
        Assert.Equal(1, image.Size);
        Assert.Equal(["/bin/sh"], image.Configuration.Command);
        Assert.StartsWith("PATH=", Assert.Single(image.Configuration.Environment), StringComparison.Ordinal);
    }

    [Fact]
    public void The_Id_is_the_digest_of_an_OCI_configuration()
    {
        var configuration = new ImageConfiguration
        {
            Entrypoint = ["/init"],
            Command = ["a", "b"],
            Environment = ["A=b"],
            WorkingDirectory = "/work",
            User = "nobody",
            StopSignal = "SIGINT",
            Volumes = ["/data"],
            Labels = new Dictionary<string, string> { ["k"] = "v" },
        };
        var image = Images.Import(root.Directory["one.tar"], null, configuration, null, default);
        var bytes = File.ReadAllBytes($"{root.Engine.Root.State}/images/blobs/sha256/{image.Id}");
        var json = JsonDocument.Parse(bytes).RootElement;

        Assert.Equal(image.Id, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        Assert.Equivalent(configuration, image.Configuration, strict: true);
        Assert.Equal("linux", json.GetProperty("os").GetString());
        Assert.Equal($"sha256:{image.Layers[0]}", json.GetProperty("rootfs").GetProperty("diff_ids")[0].GetString());
        Assert.Equal(
            """{"User":"nobody","Env":["A=b"],"Entrypoint":["/init"],"Cmd":["a","b"],"Volumes":{"/data":{}},"WorkingDir":"/work","Labels":{"k":"v"},"StopSignal":"SIGINT"}""",
            json.GetProperty("config").GetRawText());
    }

    [Fact]
    public void The_same_files_are_one_image_with_two_references()
    {
        var first = root.Import("one.tar", "a");
        var second = root.Import("one.tar", "b:1");

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(["a:latest", "b:1"], second.References);
        Assert.Single(Images.List());
    }

    [Fact]
    public void Another_configuration_is_another_image_on_the_same_layer()
    {
        var first = root.Import("one.tar", "a");
        var second = Images.Import(root.Directory["one.tar"], "b", new ImageConfiguration { Command = ["x"] }, null, default);

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.Layers, second.Layers);
        Images.Remove("a", force: false);
        Assert.True(File.Exists($"{root.RootOf(second)}/one"));
    }

    [Fact]
    public void A_reference_is_taken_over()
    {
        var first = root.Import("one.tar", "app");
        var second = root.Import("two.tar", "app");

        Assert.Equal(second.Id, Images.Get("app").Id);
        Assert.Empty(Images.Get(first.Id).References);
        Assert.Equal([second.Id, first.Id], Images.List().Select(image => image.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("UPPER")]
    [InlineData("a:")]
    [InlineData("a b")]
    [InlineData("a//b")]
    [InlineData("a..b")]
    [InlineData("a/")]
    [InlineData("-a")]
    [InlineData("a:-x")]
    [InlineData("a@sha256:0")]
    [InlineData("a@sha512:0")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("[::1/a")]
    [InlineData("../a")]
    [InlineData("host:port/a")]
    public void A_bad_reference_is_refused_before_anything_is_read(string reference)
    {
        Assert.Equal("ReferenceInvalid", Assert.Throws<CanException>(() => root.Import("no/such", reference)).ErrorId);
        Assert.Equal("ImageNotFound", Assert.Throws<CanException>(() => Images.Get(reference)).ErrorId);
    }

    [Theory]
    [InlineData("a", "a:latest")]
    [InlineData("a_b__c.d-e---f", "a_b__c.d-e---f:latest")]
    [InlineData("team/app:V1.0_x", "team/app:V1.0_x")]
    [InlineData("localhost/a", "localhost/a:latest")]
    [InlineData("docker.io/library/busybox", "busybox:latest")]
    [InlineData("index.docker.io/team/app:1", "team/app:1")]
    [InlineData("library/a/b", "library/a/b:latest")]
    [InlineData("[::1]:5000/a", "[::1]:5000/a:latest")]
    [InlineData("a:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("Registry.example:5000/team/app", "Registry.example:5000/team/app:latest")]
    public void A_good_reference_is_kept_with_its_tag(string reference, string whole) =>
        Assert.Equal([whole], root.Import("one.tar", reference).References);

    [Fact]
    public void Nothing_is_found_in_a_root_that_was_never_used()
    {
        Assert.Empty(Images.List());
        Assert.Equal("ImageNotFound", Assert.Throws<CanException>(() => Images.Get("busybox")).ErrorId);
        Assert.Equal("ImageNotFound", Assert.Throws<CanException>(() => Images.Get(new string('a', 64))).ErrorId);
    }

    [Fact]
    public void A_prefix_of_several_Ids_is_ambiguous()
    {
        for (var i = 0; i < 17; i++)
        {
            Images.Import(root.Directory["one.tar"], null, new ImageConfiguration { Command = [$"{i}"] }, null, default);
        }

        var shared = Images.List().GroupBy(image => image.Id[..1]).First(group => group.Count() > 1);

        Assert.Equal("ImageIdAmbiguous", Assert.Throws<CanException>(() => Images.Get(shared.Key)).ErrorId);
    }

    [Fact]
    public void Removing_the_last_reference_removes_the_image_and_its_layer()
    {
        root.Import("one.tar", "a");
        root.Import("one.tar", "b");

        Images.Remove("a", force: false);
        Assert.Equal(["b:latest"], Images.Get("b").References);

        Images.Remove("b", force: false);
        root.AssertEmpty();
    }

    [Fact]
    public void Removing_by_Id_takes_several_references_only_with_force()
    {
        var image = root.Import("one.tar", "a");
        root.Import("one.tar", "b");

        var error = Assert.Throws<CanException>(() => Images.Remove(image.ShortId, force: false));
        Assert.Equal("ImageHasSeveralReferences", error.ErrorId);

        Images.Remove(image.ShortId, force: true);
        root.AssertEmpty();
    }

    [Fact]
    public void An_image_that_a_container_uses_is_never_removed_and_the_container_is_named()
    {
        var image = root.Import("one.tar", "a");
        TestDefinition.Write(root.Engine.Root, TestDefinition.Make("web", image.Id) with { Layers = image.Layers });

        foreach (var force in new[] { false, true })
        {
            var error = Assert.Throws<CanException>(() => Images.Remove("a", force));
            Assert.Equal("ImageInUse", error.ErrorId);
            Assert.Contains("web", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["a:latest"], Images.Get(image.Id).References);
        Assert.True(File.Exists($"{root.RootOf(image)}/one"));
    }

    [Fact]
    public void A_removal_that_was_killed_is_finished_by_the_next_change()
    {
        root.Import("one.tar", "a");
        Hide();
        Assert.Equal("ImageNotFound", Assert.Throws<CanException>(() => Images.Get("a")).ErrorId);

        root.Import("two.tar", "b");
        Images.Remove("b", force: false);
        root.AssertEmpty();
    }

    [Fact]
    public void A_removal_that_was_killed_is_taken_back_if_a_container_has_come_to_use_the_image()
    {
        var image = root.Import("one.tar", "a");
        Hide();
        TestDefinition.Write(root.Engine.Root, TestDefinition.Make("web", image.Id) with { Layers = image.Layers });

        root.Import("two.tar", "b");

        Assert.Equal(image.Id, Images.Get("a").Id);
    }

    [Theory]
    [InlineData("index.json", "{ \"schemaVersion\": ")]
    [InlineData("blobs/sha256/CONFIGURATION", "{ \"os\": ")]
    public void A_truncated_record_is_an_error_that_names_the_file(string file, string text)
    {
        var image = root.Import("one.tar", "a");
        var path = $"{root.Engine.Root.State}/images/{file.Replace("CONFIGURATION", image.Id, StringComparison.Ordinal)}";
        File.WriteAllText(path, text);
        var images = new CanEngine(root.Engine.Root).Images;

        Assert.Equal("StoreCorrupt", Assert.Throws<CanException>(() => images.Get("a")).ErrorId);
        Assert.Equal(path, Assert.Throws<CanException>(() => images.List()).Target);
    }

    /// <summary>What a removal leaves that was killed before it was sure that no container had come.</summary>
    private void Hide()
    {
        var path = $"{root.Engine.Root.State}/images/index.json";
        var index = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
        index["manifests"]![0]!["annotations"]!["can.removing"] = "true";
        File.WriteAllText(path, index.ToJsonString());
    }

    [Fact]
    public void Imports_of_the_same_archive_at_once_share_one_layer()
    {
        root.Directory.Shell("mkdir tree; head -c 5000000 /dev/urandom > tree/file; tar -cf big.tar -C tree .");

        var made = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(i => root.Import("big.tar", $"image{i}")).ToList();

        Assert.Single(made.Select(image => image.Id).Distinct());
        Assert.Equal(4, Images.List().Single().References.Count);
        Assert.Single(Directory.GetDirectories($"{root.Engine.Root.State}/layers"));
        Assert.Empty(Directory.GetFileSystemEntries($"{root.Engine.Root.State}/trash"));
    }

    [Fact]
    public void Imports_and_removals_at_once_leave_whole_images_only()
    {
        Enumerable.Range(0, 24).AsParallel().WithDegreeOfParallelism(4).ForAll(i =>
        {
            root.Import(i % 2 == 0 ? "one.tar" : "two.tar", $"image{i}");
            if (i % 3 == 0)
            {
                Images.Remove($"image{i}", force: false);
            }
        });

        Assert.Equal(16, Images.List().Sum(image => image.References.Count));
        Assert.All(Images.List(), image => Assert.NotEmpty(Directory.GetFileSystemEntries(root.RootOf(image))));
    }

    [Fact]
    public void An_archive_of_twenty_thousand_files_comes_in_whole_and_goes_again()
    {
        root.WriteTar("many.tar", [.. Enumerable.Range(0, 20_000).Select(i => Text($"d{i % 100}/e{i % 7}/file{i}", $"{i}"))]);

        var image = root.Import("many.tar", "many");

        Assert.Equal("20000\n", root.Directory.Shell($"find '{root.RootOf(image)}' -type f | wc -l"));
        Assert.Equal("19999", File.ReadAllText($"{root.RootOf(image)}/d99/e0/file19999"));
        Images.Remove("many", force: false);
        root.AssertEmpty();
    }
}
