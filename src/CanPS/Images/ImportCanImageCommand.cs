using System.Collections;
using System.Management.Automation;
using Can.Engine.Images;
using CanPS.Common;
using CanPS.Parameters;

namespace CanPS.Images;

/// <summary>Imports images: archives of Docker, Podman and OCI tools, OCI layouts, and bare root file systems.</summary>
/// <remarks>
/// <para>What it is given it finds out by looking: an archive of docker save or podman save in either format, an OCI archive or image
/// layout, or a root file system as a directory or tar, which becomes an image of one layer. Archives may be compressed as a whole, by
/// gzip, zstd or xz, and may come from a pipe.</para>
/// <para>Images in archives keep their references, manifests and Ids. Of an image for several platforms the one for this machine is
/// taken. Digests, sizes and diff ids are checked, and layers that are in the store already are not brought in again. When the import
/// fails or is stopped, nothing is left.</para>
/// </remarks>
/// <example>
/// <code>Import-CanImage ./saved.tar</code>
/// <para>Imports every image of an archive that docker save or podman save wrote.</para>
/// </example>
/// <example>
/// <code>Import-CanImage ./busybox.tar.gz busybox</code>
/// <para>Imports a root tar as busybox:latest.</para>
/// </example>
/// <example>
/// <code>Import-CanImage ./rootfs site:1.0 -Command httpd, -f -Environment @{ PORT = '8080' } -WorkingDirectory /srv</code>
/// <para>Imports a directory and gives its containers defaults.</para>
/// </example>
/// <example>
/// <code>Import-CanImage ./root.tar web -Change 'CMD ["httpd", "-f"]', 'EXPOSE 80'</code>
/// <para>Imports a root tar with the lines of its Dockerfile.</para>
/// </example>
/// <example>
/// <code>Import-CanImage -Stream ([IO.File]::OpenRead('./saved.tar.zst')) -MaximumSize 2GB</code>
/// <para>Imports from a stream, in one pass, and stops if it unpacks to more than 2 GB.</para>
/// </example>
[Cmdlet(VerbsData.Import, Nouns.Image, DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(Image))]
public sealed class ImportCanImageCommand : CanCmdlet
{
    private const string ByPath = "Path";
    private const string ByStream = "Stream";

    private static readonly string[] ConfigurationParameters =
    [
        nameof(Command), nameof(Entrypoint), nameof(Environment), nameof(WorkingDirectory), nameof(User), nameof(Label), nameof(Change),
    ];

    /// <summary>The archive, image layout or root file system: a file, a directory or a pipe; no wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByPath)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>A stream to read an archive or root tar from, once and to its end.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByStream)]
    [ValidateNotNull]
    public System.IO.Stream Stream { get; set; } = System.IO.Stream.Null;

    /// <summary>Reference for the image, such as busybox:latest, instead of those that an archive gives it; taken over from an image that has it. Only where there is one image.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Reference { get; set; }

    /// <summary>Bytes that the import may unpack to, such as 2GB; by default the free space where the store is, less a reserve.</summary>
    [Parameter]
    [Size]
    [ValidateRange(1, long.MaxValue)]
    public long MaximumSize { get; set; }

    /// <summary>The command of containers that give none, for a root file system; /bin/sh by default.</summary>
    [Parameter]
    public string[]? Command { get; set; }

    /// <summary>Program and leading arguments of its containers.</summary>
    [Parameter]
    public string[] Entrypoint { get; set; } = [];

    /// <summary>Environment variables of its containers: a hashtable, or NAME=VALUE texts.</summary>
    [Parameter]
    [TextPairs(FromEnvironment = true)]
    public IDictionary? Environment { get; set; }

    /// <summary>Working directory of its containers.</summary>
    [Parameter]
    public string WorkingDirectory { get; set; } = "";

    /// <summary>User, and group after a colon, of its containers.</summary>
    [Parameter]
    public string User { get; set; } = "";

    /// <summary>Labels: a hashtable, or NAME=VALUE texts.</summary>
    [Parameter]
    [TextPairs]
    public IDictionary? Label { get; set; }

    /// <summary>Further changes of what its containers get, as lines of a Dockerfile: CMD, ENTRYPOINT, ENV, LABEL, USER, WORKDIR, EXPOSE, VOLUME or STOPSIGNAL.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Change { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var source = ParameterSetName == ByStream ? "stream" : ResolvePath(Path);
        if (ShouldProcess(source, Reference is null ? "Import image" : $"Import image as {Reference}"))
        {
            Attempt(() => WriteObject(Import(source), enumerateCollection: true), source);
        }
    }

    private IReadOnlyList<Image> Import(string source)
    {
        var progress = new ProgressBar(this, "Importing image", source);
        var options = new ImportOptions { Reference = Reference, Configuration = Configuration(), MaximumSize = MaximumSize > 0 ? MaximumSize : null };
        var work = Task.Run(() => ParameterSetName == ByStream
            ? Engine.Images.Import(Stream, options, progress, Cancellation)
            : Engine.Images.Import(source, options, progress, Cancellation));
        progress.ShowUntil(work);
        return work.GetAwaiter().GetResult();
    }

    // Without any of them the image gets the engine's own defaults.
    private ImageConfiguration? Configuration() =>
        ConfigurationParameters.Any(MyInvocation.BoundParameters.ContainsKey)
            ? new ImageConfiguration
            {
                Command = Command ?? (Entrypoint.Length == 0 ? ["/bin/sh"] : []),
                Entrypoint = Entrypoint,
                Environment = [.. TextPairsAttribute.PairsOf(Environment).Select(pair => $"{pair.Key}={pair.Value}")],
                WorkingDirectory = WorkingDirectory,
                User = User,
                Labels = TextPairsAttribute.PairsOf(Label),
            }.With(Change)
            : null;
}
