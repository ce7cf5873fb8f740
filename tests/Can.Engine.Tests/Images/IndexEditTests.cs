using Can.Engine.Images;
using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Tests.Images;

public sealed class IndexEditTests
{
    private static readonly OciDescriptor One = Descriptor("one");
    private static readonly OciDescriptor Two = Descriptor("two");

    [Fact]
    public void An_image_gets_a_descriptor_for_each_reference()
    {
        var list = IndexEdit.Add(IndexEdit.Add([], One, "a:1"), One, "b:1");

        Assert.Equal([("a:1", One.Digest), ("b:1", One.Digest)], Shape(list));
    }

    [Fact]
    public void An_image_without_reference_has_one_descriptor_until_it_gets_one()
    {
        var unnamed = IndexEdit.Add(IndexEdit.Add([], One, null), One, null);
        Assert.Equal([(null, One.Digest)], Shape(unnamed));

        Assert.Equal([("a:1", One.Digest)], Shape(IndexEdit.Add(unnamed, One, "a:1")));
        Assert.Equal([("a:1", One.Digest)], Shape(IndexEdit.Add(IndexEdit.Add(unnamed, One, "a:1"), One, null)));
    }

    [Fact]
    public void A_reference_that_goes_elsewhere_leaves_its_image_without_a_name()
    {
        var list = IndexEdit.Add(IndexEdit.Add([], One, "a:1"), Two, "a:1");

        Assert.Equal([(null, One.Digest), ("a:1", Two.Digest)], Shape(list));
        Assert.Equal([(null, One.Digest), (null, Two.Digest)], Shape(IndexEdit.Release(list, name => name == "a:1")));
    }

    [Fact]
    public void The_first_date_stays()
    {
        var list = IndexEdit.Add(IndexEdit.Add([], Dated(One, "2001"), "a:1"), Dated(One, "2002"), "b:1");

        Assert.All(list, entry => Assert.Equal("2001", entry.Annotation(Annotations.Created)));
    }

    [Fact]
    public void A_removal_is_marked_unmarked_and_finished()
    {
        var list = IndexEdit.Add(IndexEdit.Add([], One, "a:1"), Two, "b:1");
        var marked = IndexEdit.Mark(list, new HashSet<Digest> { One.Digest }, removing: true);

        Assert.Equal(["true", null], marked.Select(entry => entry.Annotation(Annotations.Removing)));
        Assert.Equal(Shape(list), Shape(IndexEdit.Mark(marked, new HashSet<Digest> { One.Digest }, removing: false)));
        Assert.Equal([("b:1", Two.Digest)], Shape(IndexEdit.Remove(marked, new HashSet<Digest> { One.Digest })));
    }

    private static OciDescriptor Descriptor(string text) => new() { MediaType = MediaTypes.OciManifest, Digest = Digest.Of(System.Text.Encoding.UTF8.GetBytes(text)), Size = text.Length };

    private static OciDescriptor Dated(OciDescriptor descriptor, string date) =>
        descriptor with { Annotations = new Dictionary<string, string> { [Annotations.Created] = date } };

    private static IEnumerable<(string? Name, Digest Digest)> Shape(IEnumerable<OciDescriptor> list) => list.Select(entry => (IndexEdit.NameOf(entry), entry.Digest));
}
