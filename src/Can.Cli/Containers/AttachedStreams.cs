using Can.Cli.Common;

namespace Can.Cli.Containers;

/// <summary>Output streams of a container that this process passes on.</summary>
[Flags]
internal enum AttachedStreams
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>Standard output.</summary>
    Output = 1,

    /// <summary>Standard error.</summary>
    Error = 2,

    /// <summary>Both.</summary>
    Both = Output | Error,
}

/// <summary>What <c>run --attach</c> says.</summary>
/// <param name="Output">The output streams.</param>
/// <param name="Input">Standard input is among the streams.</param>
internal readonly record struct Attachment(AttachedStreams Output, bool Input)
{
    /// <summary>Reads the names of streams, in whatever case as Docker does; without any both outputs are meant.</summary>
    /// <exception cref="UsageException">There is no such stream.</exception>
    public static Attachment Of(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return new(AttachedStreams.Both, false);
        }

        var (output, input) = (AttachedStreams.None, false);
        foreach (var name in names)
        {
            switch (name.ToLowerInvariant())
            {
                case "stdin":
                    input = true;
                    break;
                case "stdout":
                    output |= AttachedStreams.Output;
                    break;
                case "stderr":
                    output |= AttachedStreams.Error;
                    break;
                default:
                    throw new UsageException($"--attach: '{name}' is no stream; there are stdin, stdout and stderr");
            }
        }

        return new(output, input);
    }
}
