using System.Text;

namespace CanPS.Running;

/// <summary>Collects the pipeline's text for a process's standard input, a line each.</summary>
internal sealed class StandardInputBuffer
{
    private readonly StringBuilder lines = new();

    /// <summary>Adds lines.</summary>
    public void Add(IEnumerable<string?> texts)
    {
        foreach (var text in texts)
        {
            lines.Append(text).Append('\n');
        }
    }

    /// <summary>All of it, as UTF-8.</summary>
    public Stream Open() => new MemoryStream(Encoding.UTF8.GetBytes(lines.ToString()), writable: false);
}
