using Can.Cli.Common;
using Can.Engine;
using Can.Engine.Containers.Options;
using Can.Engine.Images.Registries;
using Can.Engine.Networks;

namespace Can.Cli.Completion;

/// <summary>Finds what can stand for an argument or an option's value, by what the help calls it.</summary>
internal sealed class CompletionValues(Session session)
{
    /// <summary>Says that the shell is to add names of files.</summary>
    public const string Files = ":files";

    // The first that is part of the name counts.
    private static readonly (string Part, Func<CanEngine, IEnumerable<string>> Find)[] Kinds =
    [
        ("CONTAINER|IMAGE", static engine => engine.Containers.Names().Order(StringComparer.Ordinal).Concat(References(engine))),
        ("CONTAINER:", static engine => engine.Containers.Names().Order(StringComparer.Ordinal).Select(static name => $"{name}:").Append(Files)),
        ("CONTAINER", static engine => engine.Containers.Names().Order(StringComparer.Ordinal)),
        ("IMAGE", References),
        ("REFERENCE", References),
        ("REPOSITORY", References),
        ("DESTINATION", References),
        ("NETWORK", static engine => engine.Networks.Names().Append(NetworkName.Default).Distinct().Order(StringComparer.Ordinal)),
        ("VOLUME", static engine => engine.Volumes.List().Select(static volume => volume.Name)),
        ("REGISTRY", static engine => engine.Registries.List().Select(static login => login.Registry).Distinct()),
        ("SIGNAL", static _ => SignalNumber.Names),
        ("POLICY", static _ => ["no", "on-failure", "always", "unless-stopped"]),
        ("OS/ARCH", static _ => RegistryOptions.UsualPlatforms),
        ("FORMAT", static _ => ["json"]),
        ("FILE", static _ => [Files]),
        ("DIRECTORY", static _ => [Files]),
        ("PATH", static _ => [Files]),
    ];

    /// <summary>The candidates; none when nothing is known of the name, or the store cannot be read.</summary>
    /// <param name="name">What the help calls it, such as <c>CONTAINER</c>; words with <c>|</c> between them stand for themselves.</param>
    public IEnumerable<(string Text, string Description)> Of(string name)
    {
        try
        {
            if (name.Contains('|', StringComparison.Ordinal) && !name.Any(char.IsAsciiLetterUpper))
            {
                return name.Split('|').Select(static text => (text, ""));
            }

            var find = Array.Find(Kinds, kind => name.Contains(kind.Part, StringComparison.Ordinal)).Find;
            return find is null ? [] : [.. find(session.Engine).Select(static text => (text, ""))];
        }
        catch (CanException)
        {
            // Nobody wants to read of errors while typing.
            return [];
        }
    }

    private static IEnumerable<string> References(CanEngine engine) => engine.Images.List().SelectMany(static image => image.References);
}
