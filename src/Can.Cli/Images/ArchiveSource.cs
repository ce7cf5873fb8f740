using Can.Cli.Common;
using Can.Cli.Common.Progress;
using Can.Engine.Images;

namespace Can.Cli.Images;

/// <summary>Where images are brought in from: a file or directory, or standard input.</summary>
internal sealed class ArchiveSource
{
    private readonly string? path;

    private ArchiveSource(string? path) => this.path = path;

    /// <summary>A file's path; standard input for null and <c>-</c>.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="instead">What could be given instead of standard input.</param>
    /// <exception cref="UsageException">Standard input is a terminal.</exception>
    public static ArchiveSource Open(string? text, string instead)
    {
        if (text is not (null or "-"))
        {
            return new ArchiveSource(Path.GetFullPath(text));
        }

        return Console.IsInputRedirected ? new ArchiveSource(null) : throw new UsageException($"standard input is a terminal, which has no archive to give; pipe one in, or give {instead}");
    }

    /// <summary>Brings the images in.</summary>
    public IReadOnlyList<Image> Import(Session session, ImportOptions options, bool quiet)
    {
        var view = new ByteView("Reading");
        return Watched.Run(session, quiet, stays: false, view, cancellation =>
        {
            if (path is not null)
            {
                return session.Engine.Images.Import(path, options, view, cancellation);
            }

            using var input = Console.OpenStandardInput();
            return session.Engine.Images.Import(input, options, view, cancellation);
        });
    }
}
