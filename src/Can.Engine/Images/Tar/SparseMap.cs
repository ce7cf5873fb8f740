using System.Globalization;
using System.Text;

namespace Can.Engine.Images.Tar;

/// <summary>Where the data of a sparse file goes, in the four ways in which GNU tar writes it.</summary>
/// <remarks>GNU tar's manual, "Storing Sparse Files"; https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html</remarks>
internal sealed class SparseMap
{
    /// <summary>More parts than any real file has; keeps a bad archive from filling the memory.</summary>
    private const int MaximumParts = 1 << 20;

    private readonly List<long> numbers = [];

    /// <summary>The file's name where the header's own is a made-up one.</summary>
    public byte[]? Name { get; private set; }

    /// <summary>The file's whole length.</summary>
    public long? FileLength { get; private set; }

    /// <summary>Whether the map stands in front of the data (format 1.0).</summary>
    public bool InData { get; private set; }

    /// <summary>Takes a pax record of the family GNU.sparse; ignores others.</summary>
    public void Take(string key, byte[] value)
    {
        switch (key)
        {
            case "GNU.sparse.major":
                InData = PaxRecords.Number(value, key) == 1;
                break;
            case "GNU.sparse.name":
                Name = value;
                break;
            case "GNU.sparse.size" or "GNU.sparse.realsize":
                FileLength = PaxRecords.Number(value, key);
                break;
            case "GNU.sparse.offset" or "GNU.sparse.numbytes":
                Add(PaxRecords.Number(value, key));
                break;
            case "GNU.sparse.map":
                foreach (var range in value.AsSpan().Split((byte)','))
                {
                    Add(PaxRecords.Number(value.AsSpan(range), key));
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Reads the map of the old GNU format: four parts in the header, 21 in each further block.</summary>
    public void TakeOld(ReadOnlySpan<byte> header, Func<byte[]> nextBlock)
    {
        FileLength = TarHeader.Number(header[483..495], "real size");
        var more = TakeOldParts(header[386..482], header[482]);
        while (more)
        {
            var block = nextBlock();
            more = TakeOldParts(block.AsSpan(0, 504), block[504]);
        }
    }

    /// <summary>Reads the map of format 1.0: lines of decimal numbers (their count first) in blocks before the data.</summary>
    /// <returns>Bytes that it took.</returns>
    public long TakeFromData(Func<byte[]> nextBlock)
    {
        long taken = 0, left = -1;
        var line = new List<byte>();
        while (left != 0)
        {
            var block = nextBlock();
            taken += block.Length;
            foreach (var value in block)
            {
                if (left == 0)
                {
                    break;
                }

                if (value != '\n')
                {
                    line.Add(line.Count < 20 ? value : throw ImageError.Corrupt("a sparse file's map is no list of numbers"));
                    continue;
                }

                var number = PaxRecords.Number(line.ToArray(), "sparse map");
                line.Clear();
                if (left < 0)
                {
                    left = number is >= 0 and <= MaximumParts ? number * 2 : throw ImageError.Corrupt("a sparse file's map is out of bounds");
                }
                else
                {
                    Add(number);
                    left--;
                }
            }
        }

        return taken;
    }

    /// <summary>The parts, in order and within the file.</summary>
    /// <param name="dataLength">Bytes of data that the archive holds for it.</param>
    public List<SparsePart> Parts(long dataLength)
    {
        var parts = new List<SparsePart>(numbers.Count / 2);
        long end = 0, total = 0;
        for (var i = 0; i + 1 < numbers.Count; i += 2)
        {
            var part = new SparsePart(numbers[i], numbers[i + 1]);
            if (part.Offset < end || part.Length < 0 || part.Length > FileLength - part.Offset)
            {
                throw ImageError.Corrupt("a sparse file's map is out of order");
            }

            end = part.Offset + part.Length;
            total += part.Length;
            if (part.Length > 0)
            {
                parts.Add(part);
            }
        }

        return numbers.Count % 2 == 0 && total == dataLength ? parts : throw ImageError.Corrupt("a sparse file's map does not fit its data");
    }

    /// <summary>A map of format 1.0, filled up to whole blocks.</summary>
    /// <remarks>A file that ends with a hole has an empty part at its end, from which GNU tar takes the length.</remarks>
    public static byte[] Write(List<SparsePart> parts, long fileLength)
    {
        List<SparsePart> all = parts is [.., var last] && last.Offset + last.Length == fileLength ? parts : [.. parts, new(fileLength, 0)];
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{all.Count}\n"));
        foreach (var part in all)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part.Offset}\n{part.Length}\n");
        }

        var map = Encoding.ASCII.GetBytes(text.ToString());
        Array.Resize(ref map, (map.Length + TarHeader.BlockSize - 1) / TarHeader.BlockSize * TarHeader.BlockSize);
        return map;
    }

    private bool TakeOldParts(ReadOnlySpan<byte> parts, byte more)
    {
        for (var at = 0; at < parts.Length && parts[at] != 0; at += 24)
        {
            Add(TarHeader.Number(parts[at..(at + 12)], "sparse offset"));
            Add(TarHeader.Number(parts[(at + 12)..(at + 24)], "sparse length"));
        }

        return more != 0;
    }

    private void Add(long number) =>
        numbers.Add(number >= 0 && numbers.Count < MaximumParts * 2 ? number : throw ImageError.Corrupt("a sparse file's map is out of bounds"));
}
