using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Importing;

/// <summary>The errors of a blob that is not what it was said to be. Their ids are stable.</summary>
internal static class BlobError
{
    /// <summary>Its bytes have another digest.</summary>
    public static CanException Digest(LayerExpectation expected, Digest found, Exception? cause) => Make(
        "DigestMismatch", $"The blob '{expected}' should have the digest {expected.Digest}, and has {found}. It was damaged or exchanged on its way; get it anew.", expected, cause);

    /// <summary>Uncompressed it has another digest.</summary>
    public static CanException DiffId(LayerExpectation expected, Digest found, Exception? cause) => Make(
        "DiffIdMismatch", $"The layer '{expected}' should have the diff id sha256:{expected.DiffId}, and has {found}. The image's configuration belongs to other layers; get the image anew.", expected, cause);

    /// <summary>It ends too early.</summary>
    public static CanException Truncated(LayerExpectation expected, long found) => Make(
        "BlobTruncated", $"The blob '{expected}' should have {expected.Size} bytes, and ends after {found}. It was cut off; get it anew.", expected);

    /// <summary>It does not end where it should.</summary>
    public static CanException TooLong(LayerExpectation expected) => Make(
        "SizeMismatch", $"The blob '{expected}' should have {expected.Size} bytes, and has more. It was damaged or exchanged on its way; get it anew.", expected);

    private static CanException Make(string id, string message, LayerExpectation expected, Exception? cause = null) =>
        new(id, CanErrorCategory.InvalidData, message, expected.ToString(), cause);
}
