using System.Collections;
using System.Globalization;
using Can.Engine.Containers.Options;

namespace Can.Engine.Containers;

/// <summary>A limit of setrlimit(2).</summary>
/// <param name="Name">The resource in lower case, such as <c>nofile</c>.</param>
/// <param name="Soft">Soft limit; -1 is unlimited.</param>
/// <param name="Hard">Hard limit; -1 is unlimited.</param>
public sealed partial record Ulimit(string Name, long Soft, long Hard)
{
    private const string ErrorId = "UlimitInvalid";
    private const string What = "ulimit";

    // In the order of the kernel's numbers, <asm-generic/resource.h>.
    private static readonly string[] Resources =
    [
        "cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile",
        "memlock", "as", "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime",
    ];

    /// <summary>Names of all resources.</summary>
    public static IReadOnlyList<string> Names => Resources;

    /// <summary>Parses <c>NAME=SOFT[:HARD]</c>; <c>-1</c> and <c>unlimited</c> are unlimited, HARD is SOFT when it is left out.</summary>
    /// <exception cref="CanException"><c>UlimitInvalid</c></exception>
    public static Ulimit Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=');
        var limits = equals < 0 ? [] : text[(equals + 1)..].Split(':');
        return limits.Length is 1 or 2
            ? Make(text[..equals], limits[0], limits[^1], expected => OptionError.Invalid(ErrorId, What, text, expected))
            : throw OptionError.Invalid(ErrorId, What, text, "NAME=SOFT or NAME=SOFT:HARD, such as nofile=1024:2048");
    }

    /// <summary>Takes a hashtable with Name, Soft and Hard (Soft when it is left out).</summary>
    /// <exception cref="CanException"><c>UlimitInvalid</c></exception>
    public static Ulimit FromDictionary(IDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        var options = new OptionDictionary(ErrorId, What, dictionary);
        var soft = options.Required("Soft");
        var limit = Make(options.Required("Name"), soft, options.Text("Hard") ?? soft, options.Invalid);
        options.RequireNothingLeft();
        return limit;
    }

    /// <summary>Number of a resource (RLIMIT_*); -1 when there is none of this name.</summary>
    internal static int ResourceOf(string name) => Array.IndexOf(Resources, name);

    /// <summary>Name of a resource's number.</summary>
    internal static string NameOf(ulong resource) =>
        resource < (ulong)Resources.Length ? Resources[resource] : string.Create(CultureInfo.InvariantCulture, $"resource {resource}");

    /// <summary>The text form.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}={Soft}:{Hard}");

    private static Ulimit Make(string name, string soft, string hard, Func<string, CanException> invalid)
    {
        var limit = new Ulimit(name.Trim().ToLowerInvariant(), Value(soft, invalid), Value(hard, invalid));
        if (ResourceOf(limit.Name) < 0)
        {
            throw invalid($"one of the resources {string.Join(", ", Resources)}");
        }

        return (ulong)limit.Soft <= (ulong)limit.Hard ? limit : throw invalid("a soft limit no greater than the hard limit");
    }

    private static long Value(string text, Func<string, CanException> invalid) =>
        text is "-1" or "unlimited" ? -1
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : throw invalid("whole numbers, -1 or unlimited as limits");
}
