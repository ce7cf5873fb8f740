using System.Globalization;
using System.Text;

namespace Can.Engine.Images.Tar;

/// <summary>
/// Writes an archive: ustar headers, with a pax header before those that ustar cannot express. Nothing in it depends on when or by
/// whom it is written, so the same files give the same bytes.
/// </summary>
/// <param name="write">Takes the bytes in order.</param>
internal sealed class TarWriter(Action<ReadOnlySpan<byte>> write)
{
    private const int NameLength = 100;
    private const long MaximumOwner = 0x1FFFFF; // seven octal digits
    private const long MaximumNumber = 0x1_FFFF_FFFF; // eleven

    private static readonly byte[] Zeros = new byte[TarHeader.BlockSize * 2];

    /// <summary>Writes the header of an entry. Its data, if it has any, follows; then <see cref="EndData"/>.</summary>
    public void Begin(TarEntry entry)
    {
        var records = new List<byte>();
        var map = entry.Sparse is null ? null : SparseMap.Write(entry.Sparse, entry.FileLength);
        var size = entry.DataLength + (map?.Length ?? 0);
        AddRecords(records, entry, size);
        if (records.Count > 0)
        {
            WriteHeader(new TarEntry { Name = "././@PaxHeader"u8.ToArray(), Mode = 0x1A4 }, (byte)'x', records.Count);
            write(records.ToArray());
            EndData(records.Count);
        }

        WriteHeader(entry, TypeFlag(entry.Type), size);
        write(map);
    }

    /// <summary>Fills up the last block of that many bytes of data.</summary>
    public void EndData(long length) => write(Zeros.AsSpan(0, (int)(-length & (TarHeader.BlockSize - 1))));

    /// <summary>Marks the archive's end.</summary>
    public void End() => write(Zeros);

    private static byte TypeFlag(TarEntryType type) => type switch
    {
        TarEntryType.File => (byte)'0',
        TarEntryType.HardLink => (byte)'1',
        TarEntryType.SymbolicLink => (byte)'2',
        TarEntryType.CharacterDevice => (byte)'3',
        TarEntryType.BlockDevice => (byte)'4',
        TarEntryType.Directory => (byte)'5',
        _ => (byte)'6',
    };

    private static void AddRecords(List<byte> records, TarEntry entry, long size)
    {
        if (entry.Sparse is not null)
        {
            AddSparseRecords(records, entry);
        }

        AddBytes(records, "path", entry.Name, entry.Name.Length > NameLength);
        AddBytes(records, "linkpath", entry.LinkName, entry.LinkName.Length > NameLength);
        AddNumber(records, "size", size, MaximumNumber);
        AddNumber(records, "uid", entry.User, MaximumOwner);
        AddNumber(records, "gid", entry.Group, MaximumOwner);
        if (entry.Modified.Nanoseconds != 0 || entry.Modified.Seconds is < 0 or > MaximumNumber)
        {
            AddRecord(records, Encoding.ASCII.GetBytes("mtime"), Encoding.ASCII.GetBytes(Time(entry.Modified.Seconds, entry.Modified.Nanoseconds)));
        }

        foreach (var attribute in entry.ExtendedAttributes)
        {
            AddRecord(records, [.. "SCHILY.xattr."u8, .. attribute.Name], attribute.Value);
        }
    }

    /// <remarks>GNU tar's manual, "PAX Format, Version 1.0": the map stands before the data.</remarks>
    private static void AddSparseRecords(List<byte> records, TarEntry entry)
    {
        AddRecord(records, "GNU.sparse.major"u8, "1"u8);
        AddRecord(records, "GNU.sparse.minor"u8, "0"u8);
        AddRecord(records, "GNU.sparse.name"u8, entry.Name);
        AddRecord(records, "GNU.sparse.realsize"u8, Encoding.ASCII.GetBytes(entry.FileLength.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Time(long seconds, long nanoseconds) => seconds < 0 && nanoseconds > 0
        ? string.Create(CultureInfo.InvariantCulture, $"-{-(seconds + 1)}.{1_000_000_000 - nanoseconds:d9}")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds}.{nanoseconds:d9}");

    private static void AddBytes(List<byte> records, string key, byte[] value, bool needed)
    {
        if (needed)
        {
            AddRecord(records, Encoding.ASCII.GetBytes(key), value);
        }
    }

    private static void AddNumber(List<byte> records, string key, long value, long maximum) =>
        AddBytes(records, key, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)), value > maximum);

    /// <summary>A record's length counts its own digits.</summary>
    private static void AddRecord(List<byte> records, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var rest = key.Length + value.Length + 3;
        var length = rest + Digits(rest);
        length = rest + Digits(length);
        records.AddRange(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} ")));
        records.AddRange(key);
        records.Add((byte)'=');
        records.AddRange(value);
        records.Add((byte)'\n');
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private void WriteHeader(TarEntry entry, byte typeFlag, long size)
    {
        Span<byte> block = stackalloc byte[TarHeader.BlockSize];
        block.Clear();
        Copy(entry.Name, block[TarHeader.NameField]);
        Copy(entry.LinkName, block[TarHeader.LinkNameField]);
        Octal(entry.Mode, block[TarHeader.ModeField]);
        Octal(Math.Min(entry.User, MaximumOwner), block[TarHeader.UserField]);
        Octal(Math.Min(entry.Group, MaximumOwner), block[TarHeader.GroupField]);
        Octal(Math.Min(size, MaximumNumber), block[TarHeader.SizeField]);
        Octal(Math.Clamp(entry.Modified.Seconds, 0, MaximumNumber), block[TarHeader.TimeField]);
        Octal(entry.DeviceMajor, block[TarHeader.DeviceMajorField]);
        Octal(entry.DeviceMinor, block[TarHeader.DeviceMinorField]);
        "ustar\000"u8.CopyTo(block[257..]);
        block[TarHeader.TypeOffset] = typeFlag;

        block[TarHeader.ChecksumField].Fill((byte)' ');
        long sum = 0;
        foreach (var value in block)
        {
            sum += value;
        }

        Octal(sum, block[TarHeader.ChecksumField][..7]);
        write(block);
    }

    private static void Copy(ReadOnlySpan<byte> text, Span<byte> field) => text[..Math.Min(text.Length, field.Length)].CopyTo(field);

    /// <summary>Digits with leading zeros and a NUL after them.</summary>
    private static void Octal(long number, Span<byte> field)
    {
        for (var i = field.Length - 2; i >= 0; i--)
        {
            field[i] = (byte)('0' + (number & 7));
            number >>= 3;
        }

        field[^1] = 0;
    }
}
