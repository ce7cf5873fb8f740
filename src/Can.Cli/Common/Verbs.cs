using Can.Cli.Containers;

namespace Can.Cli.Common;

/// <summary>A verb that is made only if it is asked for.</summary>
/// <param name="Name">The word people type.</param>
/// <param name="Make">Makes it.</param>
internal sealed record VerbEntry(string Name, Func<Verb> Make);

/// <summary>Verbs under a common first word, such as <c>network</c>.</summary>
/// <param name="Name">The word people type.</param>
/// <param name="Description">One sentence for the help.</param>
/// <param name="Verbs">The second words.</param>
internal sealed record VerbGroup(string Name, string Description, VerbEntry[] Verbs);

/// <summary>Every verb there is, in the order of the help.</summary>
internal static class Verbs
{
    /// <summary>Those of one word.</summary>
    public static readonly VerbEntry[] Single =
    [
        new("ps", static () => new PsVerb()),
    ];

    /// <summary>Those of two words.</summary>
    public static readonly VerbGroup[] Groups =
    [
    ];
}
