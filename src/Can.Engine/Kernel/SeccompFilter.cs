using System.Collections.Concurrent;
using System.Globalization;
using Can.Engine.Kernel.Seccomp;
using Can.Engine.Storage;

namespace Can.Engine.Kernel;

/// <summary>The default seccomp filter as classic BPF, compiled by libseccomp once and kept by what it was made from.</summary>
public static class SeccompFilter
{
    private static readonly ConcurrentDictionary<string, byte[]> Compiled = new(StringComparer.Ordinal);

    /// <summary>The default filter for a container with these capabilities.</summary>
    /// <param name="root">Where compiled filters are kept.</param>
    /// <param name="capabilities">Bit mask of the capabilities the container has; some open further system calls.</param>
    /// <returns>struct sock_filter[] as seccomp(2) takes it; shared, not to be changed.</returns>
    /// <exception cref="CanException"><c>LibraryMissing</c>: libseccomp is not installed and no compiled filter is kept.</exception>
    public static byte[] Default(CanRoot root, ulong capabilities)
    {
        var relevant = capabilities & DefaultProfile.RelevantCapabilities;
        var path = CachePath(root, relevant);
        if (!Compiled.TryGetValue(path, out var filter))
        {
            filter = TryLoad(path) ?? CompileAndKeep(path, relevant);
            Compiled[path] = filter;
        }

        return filter;
    }

    /// <summary>
    /// Where the filter is kept. Its name tells everything that the filter depends on, so that a kept one is found without the
    /// library: the profile, the compiler, the architecture and the capabilities.
    /// </summary>
    internal static string CachePath(CanRoot root, ulong relevantCapabilities) => string.Create(
        CultureInfo.InvariantCulture,
        $"{root.State}/cache/seccomp/{DefaultProfile.Revision}-{FilterCompiler.Version}-{SeccompArchitecture.Current.Name}-{relevantCapabilities:x}");

    /// <summary>A kept filter; null when there is none, or what is there cannot be one.</summary>
    private static byte[]? TryLoad(string path)
    {
        try
        {
            return AtomicFile.TryRead(path) is { } filter && IsPlausible(filter) ? filter : null;
        }
        catch (CanException)
        {
            return null;
        }
    }

    /// <summary>Whole instructions, no more of them than the kernel takes, and a load first as every filter has (not a block of zeros).</summary>
    private static bool IsPlausible(byte[] filter) =>
        filter.Length is > 0 and <= BpfInstruction.Most * BpfInstruction.Size && filter.Length % BpfInstruction.Size == 0
        && filter[0] == BpfInstruction.LoadAbsolute;

    private static byte[] CompileAndKeep(string path, ulong relevantCapabilities)
    {
        var filter = FilterCompiler.Compile(relevantCapabilities, SeccompArchitecture.Current);
        try
        {
            Directories.Ensure(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, filter, durable: true);
        }
        catch (CanException)
        {
            return filter; // not kept: the next process compiles again, which costs it some milliseconds and nothing else
        }

        return filter;
    }
}
