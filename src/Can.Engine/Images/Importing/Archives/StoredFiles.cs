namespace Can.Engine.Images.Importing.Archives;

/// <summary>Files that can be opened in any order and at once.</summary>
internal abstract class StoredFiles : ImageFiles
{
    public override bool ReadsLayers => true;

    public override StagedLayer Take(LayerIngest ingest, string name, LayerExpectation expected)
    {
        if (ingest.TryReuse(expected) is { } there)
        {
            expected.BytesRead?.Invoke((int)Math.Min(int.MaxValue, SizeOf(name)));
            return there;
        }

        using var stream = Has(name) ? Open(name) : throw ImageError.Corrupt($"it has no '{name}'");
        return ingest.Take(stream, expected);
    }

    public override Compression CompressionOf(string name)
    {
        Span<byte> start = stackalloc byte[Compressed.Look];
        using var stream = Has(name) ? Open(name) : throw ImageError.Corrupt($"it has no '{name}'");
        return Compressed.Recognize(start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    private protected abstract Stream Open(string name);

    private protected override byte[] ReadWhole(string name)
    {
        var bytes = new byte[SizeOf(name)];
        using var stream = Open(name);
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            ? bytes
            : throw ImageError.Corrupt($"its '{name}' is cut off");
    }
}
