using System.CommandLine;
using Can.Cli.Common;
using Can.Cli.Common.Progress;
using Can.Engine.Images;

namespace Can.Cli.Images;

/// <summary>Writes images to an archive or directory.</summary>
internal sealed class SaveVerb : Verb
{
    private readonly Argument<string[]> images = Arg.Many("IMAGE", "References go along; an Id takes all of its image's");
    private readonly Option<string?> output = Opt.Text("--output|-o", "FILE", "File, or directory for oci-dir; standard output if left out");
    private readonly Option<ImageArchiveFormat> format = Opt.One("--format", "docker-archive|oci-archive|oci-dir", "What to write; docker-archive, which is an OCI layout as well, if left out", Format);
    private readonly Option<bool> force = Opt.Flag("--force|-f", "Replace a directory that holds an image layout; a file is replaced anyway");
    private readonly Option<bool> quiet = Opt.Flag("--quiet|-q", "No progress");

    public SaveVerb()
        : base(
            "save", "Save images to an archive that docker load, podman load and skopeo read", "can save -o busybox.tar busybox", "can save busybox | gzip > busybox.tar.gz",
            "can save --format oci-dir -o layout busybox")
    {
        Add(images);
        Add(output, format, force, quiet);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var (wanted, kind, path) = (line.GetValue(images)!, line.GetValue(format), line.GetValue(output));
        var view = new ByteView("Writing");
        if (path is null or "-")
        {
            WriteToOutput(session, wanted, kind, line.GetValue(quiet), view);
            return ExitCode.Success;
        }

        var replace = line.GetValue(force) || kind != ImageArchiveFormat.OciDirectory;
        return Watched.Run(session, line.GetValue(quiet), stays: false, view, cancellation =>
        {
            session.Engine.Images.Export(wanted, Path.GetFullPath(path), kind, replace, view, cancellation);
            return ExitCode.Success;
        });
    }

    private static void WriteToOutput(Session session, string[] wanted, ImageArchiveFormat kind, bool quiet, ByteView view)
    {
        if (kind == ImageArchiveFormat.OciDirectory)
        {
            throw new UsageException("oci-dir needs -o DIRECTORY");
        }

        if (!Console.IsOutputRedirected)
        {
            throw new UsageException("standard output is a terminal, which an archive would upset; pipe it on, or give -o FILE");
        }

        using var stream = Console.OpenStandardOutput();
        _ = Watched.Run(session, quiet, stays: false, view, cancellation =>
        {
            session.Engine.Images.Export(wanted, stream, kind, view, cancellation);
            return true;
        });
    }

    private static ImageArchiveFormat Format(string text) => text switch
    {
        "docker-archive" => ImageArchiveFormat.DockerArchive,
        "oci-archive" => ImageArchiveFormat.OciArchive,
        "oci-dir" => ImageArchiveFormat.OciDirectory,
        _ => throw new UsageException($"'{text}' is no format; there are docker-archive, oci-archive and oci-dir"),
    };
}
