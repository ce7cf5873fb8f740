using System.Text.Json;
using Can.Cli.Common;
using Can.Cli.Common.Listing;

namespace Can.Cli.Images;

/// <summary>Shows images whole.</summary>
internal sealed class ImageInspectVerb() : InspectingVerb(
    "IMAGE", "Reference, Id or unique beginning of one", "Show everything about images", "can image inspect busybox", "can image inspect -f '{{json .Config.Env}}' busybox")
{
    /// <inheritdoc/>
    protected override Action<Utf8JsonWriter> Find(Session session, string name)
    {
        var image = session.Engine.Images.Get(name);
        return writer => ImageJson.Write(writer, image);
    }
}
