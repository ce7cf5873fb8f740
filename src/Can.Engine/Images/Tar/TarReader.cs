namespace Can.Engine.Images.Tar;

/// <summary>
/// Reads an archive from front to end: old, ustar, pax and GNU headers in any mixture. Names, link texts and attributes stay the
/// bytes they are; System.Formats.Tar would turn what is not UTF-8 into replacement characters.
/// </summary>
internal sealed class TarReader(TarInput input)
{
    /// <summary>Longest extended header; a bad archive must not fill the memory. Go's archive/tar has the same bound.</summary>
    private const long MaximumExtendedHeader = 1 << 20;

    /// <summary>Whether the archive must end with a block of zeros. Some writers leave it out; without it a cut is not noticed.</summary>
    public bool EndRequired { get; init; } = true;

    private readonly Dictionary<string, byte[]> global = [];
    private long dataLeft;
    private int padding;

    /// <summary>The next entry; null at the archive's end. What was not read of the previous one's data is skipped.</summary>
    /// <exception cref="CanException"><c>ImageCorrupt</c></exception>
    public TarEntry? Next()
    {
        SkipData();
        var extensions = new Extensions(global);
        while (true)
        {
            var block = input.Take(TarHeader.BlockSize);
            if (block.IsEmpty && !EndRequired && !extensions.Any)
            {
                return null;
            }

            if (block.Length < TarHeader.BlockSize)
            {
                throw ImageError.Corrupt("it ends without the blocks of zeros that mark its end; it was cut off");
            }

            if (!block.ContainsAnyExcept((byte)0))
            {
                return extensions.Any ? throw ImageError.Corrupt("it ends after an extended header") : null;
            }

            if (!TarHeader.HasValidChecksum(block))
            {
                throw ImageError.Corrupt("a header's checksum is wrong");
            }

            if (!TakeExtension(block, extensions))
            {
                return Entry(block, extensions);
            }
        }
    }

    /// <summary>The next piece of the current entry's data; empty at its end. Valid until the next call of any method.</summary>
    /// <param name="maximum">Most bytes wanted.</param>
    public ReadOnlySpan<byte> ReadData(long maximum)
    {
        if (dataLeft == 0)
        {
            return [];
        }

        var piece = Take(Math.Min(dataLeft, maximum));
        dataLeft -= piece.Length;
        return piece;
    }

    private ReadOnlySpan<byte> Take(long maximum)
    {
        var piece = input.Take(maximum);
        return piece.IsEmpty ? throw CutOff() : piece;
    }

    private static CanException CutOff() => ImageError.Corrupt("it ends in the middle of a file; it was cut off");

    private void SkipData()
    {
        dataLeft += padding;
        if (dataLeft > 0 && input.Skip(dataLeft) < dataLeft)
        {
            throw CutOff();
        }

        (dataLeft, padding) = (0, 0);
    }

    private void BeginData(long length)
    {
        dataLeft = length is >= 0 and <= long.MaxValue - TarHeader.BlockSize ? length : throw ImageError.Corrupt("a header's size is negative");
        padding = (int)(-length & (TarHeader.BlockSize - 1));
    }

    private byte[] ReadWhole(long length)
    {
        if (length is < 0 or > MaximumExtendedHeader)
        {
            throw ImageError.Corrupt("an extended header is too long");
        }

        BeginData(length);
        var whole = new byte[length];
        for (var at = 0; at < whole.Length;)
        {
            var piece = ReadData(length);
            piece.CopyTo(whole.AsSpan(at));
            at += piece.Length;
        }

        SkipData();
        return whole;
    }

    private byte[] NextBlock() => input.Take(TarHeader.BlockSize) is { Length: TarHeader.BlockSize } block
        ? block.ToArray()
        : throw ImageError.Corrupt("it ends in the middle of a sparse file's map; it was cut off");

    /// <summary>Takes a header that only says something about those that follow.</summary>
    private bool TakeExtension(ReadOnlySpan<byte> block, Extensions extensions)
    {
        var type = block[TarHeader.TypeOffset];
        if (type is not ((byte)'x' or (byte)'X' or (byte)'g' or (byte)'L' or (byte)'K' or (byte)'V'))
        {
            return false;
        }

        var data = ReadWhole(TarHeader.Number(block[TarHeader.SizeField], "size"));
        switch ((char)type)
        {
            case 'g':
                PaxRecords.Parse(data, (key, value) => global[key] = value);
                break;
            case 'L':
                extensions.LongName = TarHeader.UntilNul(data).ToArray();
                break;
            case 'K':
                extensions.LongLinkName = TarHeader.UntilNul(data).ToArray();
                break;
            case 'V':
                break; // a volume's label
            default:
                PaxRecords.Parse(data, extensions.Take);
                break;
        }

        return true;
    }

    private TarEntry Entry(ReadOnlySpan<byte> block, Extensions extensions)
    {
        var entry = new TarEntry
        {
            Name = extensions.LongName ?? TarHeader.Name(block),
            LinkName = extensions.LongLinkName ?? TarHeader.UntilNul(block[TarHeader.LinkNameField]).ToArray(),
            Mode = (uint)TarHeader.Number(block[TarHeader.ModeField], "mode") & 0xFFF,
            User = Owner(TarHeader.Number(block[TarHeader.UserField], "user")),
            Group = Owner(TarHeader.Number(block[TarHeader.GroupField], "group")),
            DataLength = TarHeader.Number(block[TarHeader.SizeField], "size"),
            Modified = (TarHeader.Number(block[TarHeader.TimeField], "time"), 0),
        };
        foreach (var (key, value) in extensions.Records)
        {
            Apply(entry, key, value);
        }

        var typeFlag = (char)block[TarHeader.TypeOffset];
        entry.Type = Type(typeFlag, entry.Name);
        if (entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
        {
            entry.DeviceMajor = (uint)TarHeader.Number(block[TarHeader.DeviceMajorField], "device number");
            entry.DeviceMinor = (uint)TarHeader.Number(block[TarHeader.DeviceMinorField], "device number");
        }

        if (typeFlag == 'S')
        {
            extensions.Sparse.TakeOld(block, NextBlock);
        }

        FinishData(entry, extensions.Sparse);
        return entry;
    }

    private void FinishData(TarEntry entry, SparseMap sparse)
    {
        // Only files have data of use; a hard link that carries the file's content again (pax -o linkdata) names a file already there.
        BeginData(entry.Type is TarEntryType.File or TarEntryType.HardLink ? entry.DataLength : 0);
        entry.FileLength = entry.DataLength;
        if (entry.Type != TarEntryType.File || sparse.FileLength is not { } length)
        {
            return;
        }

        entry.Name = sparse.Name ?? entry.Name;
        if (sparse.InData)
        {
            var map = sparse.TakeFromData(NextBlock);
            entry.DataLength -= map;
            BeginData(entry.DataLength);
        }

        entry.FileLength = length;
        entry.Sparse = sparse.Parts(entry.DataLength);
    }

    private static void Apply(TarEntry entry, string key, byte[] value)
    {
        switch (key)
        {
            case "path":
                entry.Name = value;
                break;
            case "linkpath":
                entry.LinkName = value;
                break;
            case "size":
                entry.DataLength = PaxRecords.Number(value, key);
                break;
            case "uid":
                entry.User = Owner(PaxRecords.Number(value, key));
                break;
            case "gid":
                entry.Group = Owner(PaxRecords.Number(value, key));
                break;
            case "mtime":
                entry.Modified = PaxRecords.Time(value, key);
                break;
            default:
                if (PaxRecords.Attribute(key, value) is { } attribute)
                {
                    entry.ExtendedAttributes.Add(attribute);
                }

                break;
        }
    }

    private static uint Owner(long number) =>
        number is >= 0 and < uint.MaxValue ? (uint)number : throw ImageError.Corrupt("an owner is out of range");

    private static TarEntryType Type(char flag, ReadOnlySpan<byte> name) => flag switch
    {
        // Before POSIX a directory was a file whose name ends in a slash; some writers still do so.
        '0' or '\0' or '7' => name.EndsWith("/"u8) ? TarEntryType.Directory : TarEntryType.File,
        'S' => TarEntryType.File,
        '1' => TarEntryType.HardLink,
        '2' => TarEntryType.SymbolicLink,
        '3' => TarEntryType.CharacterDevice,
        '4' => TarEntryType.BlockDevice,
        '5' or 'D' => TarEntryType.Directory,
        '6' => TarEntryType.Fifo,
        _ => throw ImageError.Corrupt($"'{ImageError.Text(name)}' is of a kind ('{flag}') that no root file system has"),
    };

    /// <summary>What the extension headers before an entry say.</summary>
    private sealed class Extensions(Dictionary<string, byte[]> global)
    {
        public byte[]? LongName { get; set; }

        public byte[]? LongLinkName { get; set; }

        public SparseMap Sparse { get; } = new();

        public Dictionary<string, byte[]> Records { get; } = new(global);

        public bool Any { get; private set; }

        public void Take(string key, byte[] value)
        {
            Any = true;
            Sparse.Take(key, value);

            // An empty value takes a global one back.
            if (value.Length == 0 && PaxRecords.Attribute(key, value) is null)
            {
                Records.Remove(key);
            }
            else
            {
                Records[key] = value;
            }
        }
    }
}
