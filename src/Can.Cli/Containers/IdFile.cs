using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>A file that gets the Id of a new container, for scripts.</summary>
internal static class IdFile
{
    /// <summary>The option.</summary>
    public static Option<string?> Option() => Opt.Text("--cidfile", "FILE", "Write its Id to a new file");

    /// <summary>The file, which must not be there.</summary>
    /// <exception cref="UsageException">It is.</exception>
    public static string? Claim(string? path) => path is null || !File.Exists(path)
        ? path
        : throw new UsageException($"the file {path} of --cidfile exists; another container may still run under it, so choose another or remove it");

    /// <summary>Writes it.</summary>
    public static void Write(string? path, Container container)
    {
        if (path is not null)
        {
            File.WriteAllText(path, container.Id);
        }
    }
}
