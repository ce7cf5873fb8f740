using Can.Engine.Images.Tar;

namespace Can.Engine.Images.Importing.Archives;

/// <summary>The data of an archive's current entry. What is not read of it is skipped with the next entry.</summary>
internal sealed class TarEntryStream(TarReader archive) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        var piece = archive.ReadData(buffer.Length);
        piece.CopyTo(buffer);
        return piece.Length;
    }
}
