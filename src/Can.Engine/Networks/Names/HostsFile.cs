using System.Net;
using System.Text;
using Can.Engine.Kernel;
using Can.Engine.Networks.Addresses;
using Can.Engine.Storage;

namespace Can.Engine.Networks.Names;

/// <summary>
/// A hosts(5) file that is mounted in containers and changed in place, so that they see every change at once. A line is taken away by
/// one byte, which makes it a comment, and a new one takes such a line's place by one byte at last: whoever reads meanwhile sees
/// either the old or the new, never half a line. Callers see to it that one of them changes a file at a time.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class HostsFile(string path)
{
    /// <summary>What every hosts file begins with.</summary>
    public const string Header =
        "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";

    /// <summary>Lines are as long as a multiple of this, so that one fits into the place of another.</summary>
    internal const int Unit = 64;

    /// <summary>Longest list of names in a line: musl reads 512 bytes, and takes what follows for another line.</summary>
    private const int LongestNames = 400;

    private const byte Comment = (byte)'#';

    /// <summary>Writes the file anew, for containers that do not run yet.</summary>
    public void Reset(string content) => AtomicFile.Write(path, Encoding.ASCII.GetBytes(content), durable: false, Directories.PublicFile);

    /// <summary>Sets the names of an address; none removes it.</summary>
    public void Set(IPAddress address, IReadOnlyList<string> names)
    {
        if (!File.Exists(path))
        {
            if (names.Count == 0)
            {
                return;
            }

            AtomicFile.Write(path, Encoding.ASCII.GetBytes(Header), durable: false, Directories.PublicFile);
        }

        using var file = Libc.Own(Libc.open(path, Libc.O_RDWR | Libc.O_CLOEXEC, 0), $"Opening '{path}'");
        var editor = new HostsEditor(file);
        var wanted = Lines(address, names);
        var present = editor.LinesOf(address);
        foreach (var line in wanted.Where(line => !present.Exists(old => old.Text == line)))
        {
            editor.Add(Padded(line));
        }

        foreach (var (offset, _) in present.FindAll(old => !wanted.Contains(old.Text)))
        {
            editor.Overwrite(offset, [Comment]);
        }
    }

    /// <summary>All addresses and names below the header that have not been taken away.</summary>
    public IReadOnlyList<(IPAddress Address, IReadOnlyList<string> Names)> Read()
    {
        var found = new List<(IPAddress, IReadOnlyList<string>)>();
        foreach (var line in Encoding.ASCII.GetString(AtomicFile.TryRead(path) ?? []).Split('\n'))
        {
            // The header's lines are not padded.
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (line.Length % Unit == Unit - 1 && words.Length > 1 && IPAddress.TryParse(words[0], out var address))
            {
                found.Add((address, words[1..]));
            }
        }

        return found;
    }

    /// <summary>A line that is there for good: <see cref="Set"/> leaves it alone, as its length is not one of those it makes.</summary>
    public static string FixedLine(string address, string names)
    {
        var line = $"{address}\t{names}\n";
        return line.Length % Unit == 0 ? $"{address}\t{names} \n" : line;
    }

    private static List<string> Lines(IPAddress address, IReadOnlyList<string> names)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (line.Length > 0 && line.Length + 1 + name.Length > LongestNames)
            {
                lines.Add(line.ToString());
                line.Clear();
            }

            _ = (line.Length == 0 ? line.Append(address.ToText()).Append('\t') : line.Append(' ')).Append(name);
        }

        if (line.Length > 0)
        {
            lines.Add(line.ToString());
        }

        return lines;
    }

    private static byte[] Padded(string line)
    {
        var length = ((line.Length + 1 + Unit - 1) / Unit) * Unit;
        return Encoding.ASCII.GetBytes(line.PadRight(length - 1) + '\n');
    }
}
