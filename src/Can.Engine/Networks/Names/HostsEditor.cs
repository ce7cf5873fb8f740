using System.Net;
using System.Text;
using Can.Engine.Networks.Addresses;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Networks.Names;

/// <summary>
/// Changes an open hosts file line by line, in place. Lines are searched for and not gone through, since a network's file has one for
/// each of its containers.
/// </summary>
internal sealed class HostsEditor
{
    private const byte Comment = (byte)'#';
    private const byte LineFeed = (byte)'\n';

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
        var found = new List<(long, string)>();
        foreach (var (offset, length) in LinesWith(Encoding.ASCII.GetBytes($"{address.ToText()}\t")))
        {
            if (length % HostsFile.Unit == 0)
            {
                found.Add((offset, Encoding.ASCII.GetString(content, offset, length).TrimEnd()));
            }
        }

        return found;
    }

    /// <summary>Puts a line where one was taken away that was as long, else at the end.</summary>
    /// <param name="line">The line with its line feed.</param>
    public void Add(byte[] line)
    {
        foreach (var (offset, length) in LinesWith([Comment]))
        {
            if (length == line.Length && used.Add(offset))
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

    /// <summary>The lines that begin with some bytes.</summary>
    private IEnumerable<(int Offset, int Length)> LinesWith(byte[] beginning)
    {
        if (content.AsSpan().StartsWith(beginning))
        {
            yield return (0, LengthAt(0));
        }

        byte[] wanted = [LineFeed, .. beginning];
        for (var offset = 0; content.AsSpan(offset).IndexOf(wanted) is var next and >= 0; offset += next + 1)
        {
            yield return (offset + next + 1, LengthAt(offset + next + 1));
        }
    }

    private int LengthAt(int offset)
    {
        var end = content.AsSpan(offset).IndexOf(LineFeed);
        return end < 0 ? content.Length - offset : end + 1;
    }
}
