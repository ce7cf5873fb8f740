using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Common.Listing;

namespace Can.Cli.Images;

/// <summary>Shows images whole.</summary>
internal sealed class ImageInspectVerb : Verb
{
    private readonly Argument<string[]> names = Arg.Many("IMAGE", "Reference, Id or unique beginning of one");
    private readonly Inspection inspection = new();

    public ImageInspectVerb()
        : base("inspect", "Show everything about images", "can image inspect busybox", "can image inspect -f '{{json .Config.Env}}' busybox")
    {
        Add(names);
        Add(inspection.Format);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session) => inspection.Write(line, session, line.GetValue(names)!, name =>
    {
        var image = session.Engine.Images.Get(name);
        return writer => ImageJson.Write(writer, image);
    });
}
