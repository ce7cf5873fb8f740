using System.Net;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Networks.Names;

/// <summary>Changes an open hosts file line by line, in place.</summary>
internal sealed class HostsEditor
{
    private const byte Comment = (byte)'#';

    private readonly SafeFileHandle file;
    private readonly byte[] content;
    private readonly HashSet<int> used = [];

    /// <summary>Reads the file.</summary>
    public HostsEditor(SafeFileHandle file)
    {
        this.file = file;
        content = new byte[RandomAccess.GetLength(file)];
        for (var done = 0; done < content.Length;)
        {
            var count = RandomAccess.Read(file, content.AsSpan(done), done);
            if (count == 0)
            {
                break;
            }

            done += count;
        }
    }

    /// <summary>Where the lines of an address begin that are as long as those made here, and what they say without the blanks at their end.</summary>
    public List<(long Offset, string Text)> LinesOf(IPAddress address)
    {
        var prefix = Encoding.ASCII.GetBytes($"{address}\t");
        var found = new List<(long, string)>();
        foreach (var (offset, length) in Lines())
        {
            var line = content.AsSpan(offset, length);
            if (length % HostsFile.Unit == 0 && line.StartsWith(prefix))
            {
                found.Add((offset, Encoding.ASCII.GetString(line).TrimEnd()));
            }
        }

        return found;
    }

    /// <summary>Puts a line where one was taken away that was as long, else at the end.</summary>
    /// <param name="line">The line with its line feed.</param>
    public void Add(byte[] line)
    {
        foreach (var (offset, length) in Lines())
        {
            if (length == line.Length && content[offset] == Comment && used.Add(offset))
            {
                Overwrite(offset + 1, line.AsSpan(1));
                Overwrite(offset, line.AsSpan(0, 1));
                return;
            }
        }

        RandomAccess.Write(file, line, RandomAccess.GetLength(file));
    }

    /// <summary>Changes bytes.</summary>
    public void Overwrite(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(file, bytes, offset);

    private IEnumerable<(int Offset, int Length)> Lines()
    {
        for (var offset = 0; offset < content.Length;)
        {
            var end = Array.IndexOf(content, (byte)'\n', offset);
            var length = (end < 0 ? content.Length : end + 1) - offset;
            yield return (offset, length);
            offset += length;
        }
    }
}
