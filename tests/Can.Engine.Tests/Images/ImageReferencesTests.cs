using Can.Engine.Images;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Images;

/// <summary>References that are given to images and taken from them, and the steps in which images were made.</summary>
public sealed class ImageReferencesTests : IDisposable
{
    private readonly ImageRoot root = new();

    public ImageReferencesTests()
    {
        root.WriteTar("one.tar", Text("one", "1"));
        root.WriteTar("two.tar", Text("two", "22"));
    }

    private ImageService Images => root.Engine.Images;

    public void Dispose() => root.Dispose();

    [RootFact]
    public void An_image_gets_several_references_by_any_of_its_names()
    {
        var image = root.Import("one.tar", "a");

        Assert.Equal(["a:latest", "b:1", "registry.example:5000/c:latest"], Images.AddReferences("a", ["b:1", "registry.example:5000/c"]).References);
        Assert.Equal(4, Images.AddReferences(image.ShortId, ["d", "b:1"]).References.Count);

        Assert.All((string[])["a", "b:1", "registry.example:5000/c", "d"], name => Assert.Equal(image.Id, Images.Get(name).Id));
        Assert.Single(Images.List());
    }

    [RootFact]
    public void An_image_without_a_reference_gets_one()
    {
        var image = root.Import("one.tar", null);

        Assert.Equal(["a:latest"], Images.AddReferences(image.Id, ["a"]).References);
    }

    [RootFact]
    public void A_reference_is_taken_over_and_the_other_image_stays()
    {
        var first = root.Import("one.tar", "a");
        var second = root.Import("two.tar", "b");

        Images.AddReferences("b", ["a"]);

        Assert.Equal(second.Id, Images.Get("a").Id);
        Assert.Empty(Images.Get(first.Id).References);
    }

    [RootTheory]
    [InlineData("UPPER")]
    [InlineData("a b")]
    [InlineData("a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void A_bad_reference_is_refused_and_none_is_given(string reference)
    {
        root.Import("one.tar", "a");

        Assert.Equal("ReferenceInvalid", Assert.Throws<CanException>(() => Images.AddReferences("a", ["good", reference])).ErrorId);
        Assert.Equal("ImageNotFound", Assert.Throws<CanException>(() => Images.AddReferences("nosuch", ["good"])).ErrorId);
        Assert.Equal(["a:latest"], Assert.Single(Images.List()).References);
    }

    [RootFact]
    public void An_image_that_loses_its_last_reference_stays()
    {
        var image = root.Import("one.tar", "a");
        Images.AddReferences("a", ["b:1"]);

        Images.RemoveReferences(["a", "b:1"]);

        Assert.Empty(Images.Get(image.Id).References);
        Assert.True(File.Exists($"{root.RootOf(image)}/one"));
    }

    [RootFact]
    public void All_references_are_taken_away_or_none()
    {
        var image = root.Import("one.tar", "a");

        Assert.Equal("ImageNotFound", Assert.Throws<CanException>(() => Images.RemoveReferences(["a", "nosuch"])).ErrorId);
        Assert.Equal("ImageNotFound", Assert.Throws<CanException>(() => Images.RemoveReferences([image.Id])).ErrorId);
        Assert.Equal(["a:latest"], Images.Get("a").References);
    }

    [RootFact]
    public void History_is_told_newest_first_with_each_layer_at_the_step_that_made_it()
    {
        var image = HandMadeImage.Store(
            root.Engine,
            ["app"],
            """
            "history":[{"created":"2020-01-02T03:04:05Z","created_by":"ADD base","comment":"first","author":"somebody"},
                       {"created_by":"ENV A=b","empty_layer":true},{"created_by":"RUN make"}]
            """,
            root.Directory["one.tar"],
            root.Directory["two.tar"]);

        var history = Images.GetHistory("app");

        Assert.Equal(["RUN make", "ENV A=b", "ADD base"], history.Select(step => step.CreatedBy));
        Assert.Equal([image.Layers[1], null, image.Layers[0]], history.Select(step => step.Layer));
        Assert.Equal([2, 0, 1], history.Select(step => step.Size));
        Assert.Equal([false, true, false], history.Select(step => step.EmptyLayer));
        Assert.Equal(new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero), history[2].CreatedAt);
        Assert.Equal(("first", "somebody"), (history[2].Comment, history[2].Author));
    }

    [RootFact]
    public void Layers_that_the_history_does_not_tell_of_are_shown_all_the_same()
    {
        var image = HandMadeImage.Store(root.Engine, ["app"], "\"history\":[{\"created_by\":\"ADD base\"}]", root.Directory["one.tar"], root.Directory["two.tar"]);

        Assert.Equal([("", image.Layers[1]), ("ADD base", image.Layers[0])], Images.GetHistory("app").Select(step => (step.CreatedBy, step.Layer!)));
    }
}
