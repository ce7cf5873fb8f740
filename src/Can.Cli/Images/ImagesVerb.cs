using System.CommandLine;
using System.IO.Enumeration;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Engine.Images;

namespace Can.Cli.Images;

/// <summary>Lists images, a line for each reference.</summary>
internal sealed class ImagesVerb : Verb
{
    private readonly Argument<string?> pattern = Arg.Maybe("REPOSITORY[:TAG]", "Only these; * stands for anything");
    private readonly Option<bool> all = Opt.Flag("--all|-a", "All images; as Can keeps no intermediate ones, that is what is listed anyway");
    private readonly Option<bool> digests = Opt.Flag("--digests", "Also the digests");
    private readonly Option<bool> whole = Opt.Flag("--no-trunc", "Whole Ids");

    private readonly Filters<Row> filters;
    private readonly Listing<Row> listing;
    private bool full;
    private ImageService? images;

    public ImagesVerb(string name = "images")
        : base(name, "List images", "can images", "can images -q --filter dangling=true", "can images --digests 'team/*'", "can images --format json")
    {
        filters = new(
            ("reference", static (row, value) => row.Fits(value)),
            ("dangling", static (row, value) => row.Reference is null == value is "true" or "1"),
            ("label", static (row, value) => Filters.HasLabel(row.Image.Labels, value)),
            ("id", static (row, value) => row.Image.Id.StartsWith(value, StringComparison.Ordinal)),
            ("before", (row, value) => row.Image.CreatedAt < images!.Get(value).CreatedAt),
            ("since", (row, value) => row.Image.CreatedAt > images!.Get(value).CreatedAt));
        listing = new(
            new("ID", "IMAGE ID", row => ImageText.Id(row.Image, full)),
            new("Repository", "REPOSITORY", static row => ImageText.Repository(row.Reference)),
            new("Tag", "TAG", static row => ImageText.Tag(row.Reference)),
            new("Digest", "DIGEST", static row => row.Image.Digest),
            new("CreatedSince", "CREATED", static row => Human.Since(row.Image.CreatedAt)),
            new("CreatedAt", null, static row => Human.Moment(row.Image.CreatedAt)),
            new("Size", "SIZE", static row => Human.Size(row.Image.Size)),
            new("SharedSize", null, static row => Human.Size(row.Image.SharedSize)),
            new("Platform", null, static row => row.Image.Platform));
        Add(pattern);
        Add(all, digests, whole, listing.Quiet, listing.Format, filters.Option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        full = line.GetValue(whole);
        images = session.Engine.Images;
        var rows = session.Engine.Images.List().SelectMany(static image => image.References.Count > 0
            ? image.References.Select(reference => new Row(image, reference))
            : [new Row(image, null)]);
        if (line.GetValue(pattern) is { } wanted)
        {
            rows = rows.Where(row => row.Fits(wanted));
        }

        IReadOnlyList<string> table = line.GetValue(digests)
            ? ["Repository", "Tag", "Digest", "ID", "CreatedSince", "Size"]
            : ["Repository", "Tag", "ID", "CreatedSince", "Size"];
        listing.Write(line, session.Output, filters.Apply(line, rows), table);
        return ExitCode.Success;
    }

    private sealed record Row(Image Image, string? Reference)
    {
        // Without a tag every tag will do, as in Docker.
        public bool Fits(string pattern) => Reference is not null
            && (FileSystemName.MatchesSimpleExpression(pattern, Reference, ignoreCase: false)
                || FileSystemName.MatchesSimpleExpression(pattern, ImageText.Repository(Reference), ignoreCase: false));
    }
}
