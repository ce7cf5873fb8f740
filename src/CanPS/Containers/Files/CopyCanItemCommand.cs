using System.Management.Automation;
using Can.Engine;
using Can.Engine.Containers;
using CanPS.Common;
using CanPS.Completion;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <summary>Copies files between the host and a container.</summary>
/// <remarks>
/// <para>Copies files and directories into a container or out of it, whether it runs or not. The container's side is written
/// NAME:PATH, or given by -ToContainer or -FromContainer. A path in a volume means the volume's content. An existing directory gets
/// the copy under its own name; a source that ends with /. is copied without its directory; a destination that does not exist becomes
/// the copy, and files that exist are replaced. Links are copied as links, and none leads out of the container.</para>
/// <para>Copies belong to root, and have no set-id bits that another owner gave them nor any that come out of a container. With
/// -Archive owners, set-id bits, extended attributes and devices are copied too. Sockets are left out.</para>
/// </remarks>
/// <example>
/// <code>Copy-CanItem ./site.conf web:/etc/nginx/conf.d/</code>
/// <para>Copies a file into a directory of a container.</para>
/// </example>
/// <example>
/// <code>Copy-CanItem web:/var/log ./logs</code>
/// <para>Copies a directory out of a container; it becomes ./logs, or ./logs/log if ./logs exists.</para>
/// </example>
/// <example>
/// <code>Copy-CanItem ./site/. web:/srv/www -Archive</code>
/// <para>Copies what is in a directory, with its owners.</para>
/// </example>
/// <example>
/// <code>Get-ChildItem *.conf | Copy-CanItem -ToContainer web -Destination /etc/app</code>
/// <para>Copies files from the pipeline into a directory of a container.</para>
/// </example>
[Cmdlet(VerbsCommon.Copy, Nouns.Item, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class CopyCanItemCommand : CanCmdlet
{
    private readonly List<(string? Container, string Path)> sources = [];

    /// <summary>What to copy: paths of the host, which may have wildcards, or NAME:PATH in one container.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerPathCompleter))]
    public string[] Path { get; set; } = [];

    /// <summary>Where to: a path of the host, or NAME:PATH in a container.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerPathCompleter))]
    public string Destination { get; set; } = "";

    /// <summary>The container to copy from, by name or as an object; the paths are paths in it.</summary>
    [Parameter]
    [Text]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string? FromContainer { get; set; }

    /// <summary>The container to copy into, by name or as an object; the destination is a path in it.</summary>
    [Parameter]
    [Text]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string? ToContainer { get; set; }

    /// <summary>Copies what links lead to, where links are given as paths; links in directories stay links.</summary>
    [Parameter]
    public SwitchParameter FollowLink { get; set; }

    /// <summary>Copies owners, set-id bits, extended attributes and devices too.</summary>
    [Parameter]
    public SwitchParameter Archive { get; set; }

    /// <summary>Puts a directory in the place of a file, and a file in that of a directory.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the container.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            Attempt(() => AddSource(path), path);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (sources.Count > 0)
        {
            Attempt(Copy, Destination);
        }
    }

    private void AddSource(string text)
    {
        var (container, path) = FromContainer is not null ? (FromContainer, text) : CopyArgument.Parse(text).Parts;
        if (container is not null)
        {
            sources.Add((container, path));
            return;
        }

        foreach (var resolved in HostPaths(path))
        {
            sources.Add((null, resolved));
        }
    }

    /// <summary>What a path ends with says what is meant; resolving it would take that away.</summary>
    private IEnumerable<string> HostPaths(string path)
    {
        var end = path.EndsWith("/.", StringComparison.Ordinal) ? "/." : path.Length > 1 && path[^1] == '/' ? "/" : "";
        var literal = ResolvePath(path);
        return WildcardPattern.ContainsWildcardCharacters(path) && !File.Exists(literal) && !Directory.Exists(literal)
            ? SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _).Select(found => found + end)
            : [literal.TrimEnd('/') + (literal == "/" ? "/" : end)];
    }

    private void Copy()
    {
        var (to, destination) = ToContainer is not null ? (ToContainer, Destination) : CopyArgument.Parse(Destination).Parts;
        var from = sources.Select(static source => source.Container).Distinct().ToList();
        if (from.Count > 1 || from[0] is null == to is null)
        {
            throw new CanException(
                "CopySidesInvalid", CanErrorCategory.InvalidArgument,
                "One side of a copy must be a container and the other the host. Write the container's side as NAME:PATH, or use -ToContainer or -FromContainer.",
                Destination);
        }

        var name = to ?? from[0]!;
        if (to is null)
        {
            destination = HostPaths(destination).First();
        }

        var container = Engine.Containers.Find(name);
        var paths = sources.ConvertAll(static source => source.Path);
        var shown = string.Join(", ", paths.Select(path => to is null ? $"{container.Name}:{path}" : path));
        if (!ShouldProcess($"Item: {shown} Destination: {(to is null ? destination : $"{container.Name}:{destination}")}", "Copy"))
        {
            return;
        }

        var options = new CopyOptions { FollowLinks = FollowLink, Archive = Archive, Force = Force };
        new ByteProgress(this, "Copying", container.Name).Run(progress =>
        {
            if (to is null)
            {
                Engine.Containers.CopyFrom(container.Id, paths, destination, options, progress, Cancellation);
            }
            else
            {
                Engine.Containers.CopyTo(container.Id, paths, destination, options, progress, Cancellation);
            }

            return true;
        });
        if (PassThru)
        {
            WriteObject(Engine.Containers.GetById(container.Id));
        }
    }
}
