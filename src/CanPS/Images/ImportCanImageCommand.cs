using System.Collections;
using System.Management.Automation;
using Can.Engine.Images;
using CanPS.Common;
using CanPS.Parameters;

namespace CanPS.Images;

/// <summary>Makes an image of a root file system: a tar (plain, gzip or zstd) or a directory.</summary>
/// <remarks>
/// <para>Makes an image of one layer of a root file system: a directory, or a tar that is plain or compressed by gzip or zstd,
/// found out by looking. The other parameters give its containers their defaults. When the import fails or is stopped, nothing is
/// left.</para>
/// </remarks>
/// <example>
/// <code>Import-CanImage ./busybox.tar.gz busybox</code>
/// <para>Imports a tar as busybox:latest.</para>
/// </example>
/// <example>
/// <code>Import-CanImage ./rootfs site:1.0 -Command httpd, -f -Environment @{ PORT = '8080' } -WorkingDirectory /srv</code>
/// <para>Imports a directory and gives its containers defaults.</para>
/// </example>
/// <example>
/// <code>Get-Item ./base.tar.zst | Import-CanImage -Reference base</code>
/// <para>Imports a file from the pipeline.</para>
/// </example>
[Cmdlet(VerbsData.Import, Nouns.Image, SupportsShouldProcess = true)]
[OutputType(typeof(Image))]
public sealed class ImportCanImageCommand : CanCmdlet
{
    private static readonly string[] ConfigurationParameters =
    [
        nameof(Command), nameof(Entrypoint), nameof(Environment), nameof(WorkingDirectory), nameof(User), nameof(Label),
    ];

    /// <summary>The tar file or directory; no wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Reference for the image, such as busybox:latest; taken over from an image that has it.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Reference { get; set; }

    /// <summary>The command of containers that give none; /bin/sh by default.</summary>
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

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var path = ResolvePath(Path);
        if (ShouldProcess(path, Reference is null ? "Import image" : $"Import image as {Reference}"))
        {
            Attempt(() => WriteObject(Import(path)), path);
        }
    }

    private Image Import(string path)
    {
        var progress = new ProgressBar(this, "Importing image", path);
        var work = Task.Run(() => Engine.Images.Import(path, Reference, Configuration(), progress, Cancellation));
        progress.ShowUntil(work);
        return work.GetAwaiter().GetResult();
    }

    // Without any of them the image gets the engine's own defaults.
    private ImageConfiguration? Configuration() =>
        ConfigurationParameters.Any(MyInvocation.BoundParameters.ContainsKey)
            ? new()
            {
                Command = Command ?? (Entrypoint.Length == 0 ? ["/bin/sh"] : []),
                Entrypoint = Entrypoint,
                Environment = [.. TextPairsAttribute.PairsOf(Environment).Select(pair => $"{pair.Key}={pair.Value}")],
                WorkingDirectory = WorkingDirectory,
                User = User,
                Labels = TextPairsAttribute.PairsOf(Label),
            }
            : null;
}
