using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Processes;

/// <summary>
/// The sealed copy of can-monitor that is run. A container can reach its own program through /proc/PID/exe for the moment in which
/// that is still the helper; a sealed memory file cannot be written by anybody, so what the next container runs stays what it is.
/// </summary>
/// <remarks>memfd_create(2), "File sealing"</remarks>
internal static class HelperImage
{
    private static readonly ConcurrentDictionary<string, Lazy<SafeFileHandle>> Copies = new();

    /// <summary>A path that runs the sealed copy; one copy per helper and process.</summary>
    /// <exception cref="CanException"><c>HelperMissing</c></exception>
    internal static string PathOf(string helperPath)
    {
        var copy = Copies.GetOrAdd(helperPath, static path => new(() => Seal(path)));
        return $"/proc/self/fd/{copy.Value.DangerousGetHandle()}";
    }

    private static SafeFileHandle Seal(string path)
    {
        byte[] program;
        try
        {
            program = File.ReadAllBytes(path);
        }
        catch (IOException error)
        {
            throw new CanException("HelperMissing", CanErrorCategory.NotInstalled,
                $"The helper program {path} cannot be read ({error.Message}). Install the module again, or build it with 'dotnet build Can.sln'.", path, error);
        }

        using var low = Libc.Own(Libc.memfd_create("can-monitor", Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING), "Making a memory file for the helper");

        // With a smaller number one of the descriptors that the helper inherits would take its place before it is run.
        var copy = Libc.Own(Libc.fcntl(low, Libc.F_DUPFD_CLOEXEC, Spawn.FirstFreeDescriptor), "Moving the helper's descriptor");
        Libc.WriteAll(copy, program, "Copying the helper into memory");
        if (Libc.fcntl(copy, Libc.F_ADD_SEALS, Libc.F_SEAL_ALL) != 0)
        {
            throw Libc.Error("Sealing the helper's copy");
        }

        return copy;
    }
}
