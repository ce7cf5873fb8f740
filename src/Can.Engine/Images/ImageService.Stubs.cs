namespace Can.Engine.Images;

#pragma warning disable CA1822
public sealed partial class ImageService
{
    /// <summary>Every image, newest first.</summary>
    public IReadOnlyList<Image> List() => throw new NotImplementedException();

    /// <summary>The image of this reference (<c>busybox</c> means <c>busybox:latest</c>), Id or unique Id prefix.</summary>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>ImageIdAmbiguous</c></exception>
    public Image Get(string reference) => throw new NotImplementedException();

    /// <summary>Imports a root tar (plain, gzip or zstd, found out by looking) or a directory as an image of one layer.</summary>
    /// <param name="path">The tar file or directory.</param>
    /// <param name="reference">Name for it, such as <c>busybox:latest</c>; taken over from an image that has it. Null for none.</param>
    /// <param name="configuration">Defaults for containers; null for a shell without an entrypoint.</param>
    /// <param name="progress">Told the number of bytes read so far and their total; may be null.</param>
    /// <param name="cancellation">Stops the import and leaves nothing.</param>
    public Image Import(string path, string? reference, ImageConfiguration? configuration, IProgress<(long Done, long Total)>? progress, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Removes a reference, or an image with all of them; layers that nobody needs go too.</summary>
    /// <param name="reference">Reference, Id or unique prefix.</param>
    /// <param name="force">Remove it although it has several references (by Id). One in use by a container is never removed.</param>
    /// <exception cref="CanException"><c>ImageNotFound</c>, <c>ImageInUse</c>, <c>ImageHasSeveralReferences</c></exception>
    public void Remove(string reference, bool force) => throw new NotImplementedException();
}
#pragma warning restore CA1822
