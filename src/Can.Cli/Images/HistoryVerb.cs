using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Engine.Images;

namespace Can.Cli.Images;

/// <summary>Shows how an image was made.</summary>
internal sealed class HistoryVerb : Verb
{
    private const int CommandLength = 45;

    private readonly Argument<string> image = Arg.One("IMAGE", "Reference, Id or unique beginning of one");
    private readonly Option<bool> whole = Opt.Flag("--no-trunc", "Whole Ids and commands");
    private readonly Listing<ImageHistoryEntry> listing;
    private bool full;

    public HistoryVerb()
        : base("history", "Show how an image was made, the latest step first", "can history busybox", "can history --no-trunc --format json busybox")
    {
        listing = new(
            new("ID", "LAYER", entry => entry.Layer is { } layer ? full ? ImageText.Layer(layer) : ImageText.Layer(layer)["sha256:".Length..][..12] : ImageText.None),
            new("CreatedSince", "CREATED", static entry => entry.CreatedAt is { } moment ? Human.Since(moment) : ""),
            new("CreatedAt", null, static entry => entry.CreatedAt is { } moment ? Human.Moment(moment) : ""),
            new("CreatedBy", "CREATED BY", entry => full ? entry.CreatedBy : Human.Cut(entry.CreatedBy, CommandLength)),
            new("Size", "SIZE", static entry => Human.Size(entry.Size)),
            new("Comment", "COMMENT", static entry => entry.Comment));
        Add(image);
        Add(whole, listing.Quiet, listing.Format);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        full = line.GetValue(whole);
        listing.Write(line, session.Output, session.Engine.Images.GetHistory(line.GetValue(image)!));
        return ExitCode.Success;
    }
}
