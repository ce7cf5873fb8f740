using System.Reflection;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Processes;

/// <summary>
/// The program can-monitor, wherever its bytes come from. What is run is a sealed copy, one per process: a container can reach its
/// own program through /proc/PID/exe for the moment in which that is still the helper; a sealed memory file cannot be written by
/// anybody, so what the next container runs stays what it is.
/// </summary>
/// <remarks>memfd_create(2), "File sealing"</remarks>
public sealed class HelperProgram
{
    private readonly Lazy<Source> source;
    private readonly Lazy<SafeFileHandle> copy;

    private HelperProgram(Func<Source> find)
    {
        source = new(find);
        copy = new(Seal);
    }

    private HelperProgram(string location, Action<SafeFileHandle> fill)
        : this(() => new(location, null, fill))
    {
    }

    /// <summary>Where it comes from: a path, or the name of a resource.</summary>
    public string Location => source.Value.Location;

    /// <summary>Why the installed file is there and yet not used; null when it is used, or not there.</summary>
    public string? Refusal => source.Value.Refusal;

    /// <summary>The sealed copy, for <see cref="Spawn"/>.</summary>
    /// <exception cref="CanException"><c>HelperMissing</c></exception>
    internal SafeFileHandle Image => copy.Value;

    /// <summary>The helper is a file; it is read when it is first needed.</summary>
    /// <param name="path">Absolute path of <c>can-monitor</c>.</param>
    public static HelperProgram FromFile(string path) => new(path, copy => Libc.WriteAll(copy, Read(path), Copying));

    /// <summary>The helper is a resource of an assembly, from whose pages it is copied when it is first needed.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="name">The resource's logical name.</param>
    public static HelperProgram FromResource(Assembly assembly, string name)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return new(name, copy => Write(copy, assembly.GetManifestResourceStream(name) ?? throw Missing(name, "the program has no such resource", null)));
    }

    /// <summary>
    /// The helper is a file that may have been installed; where there is none, or one that is not to be used (<see cref="Refusal"/>), it
    /// is another one. The file is looked at when the helper is first needed.
    /// </summary>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="otherwise">The other one.</param>
    public static HelperProgram FromInstallation(string path, HelperProgram otherwise) => new(() =>
        InstalledHelper.Read(path, out var refusal) is { } program
            ? new Source(path, null, copy => Libc.WriteAll(copy, program, Copying))
            : otherwise.source.Value with { Refusal = refusal is null ? null : $"{path} is not used, for {refusal}" });

    private const string Copying = "Copying the helper into memory";

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (IOException error)
        {
            throw Missing(path, error.Message, error);
        }
    }

    private static unsafe void Write(SafeFileHandle copy, Stream resource)
    {
        using (resource)
        {
            if (resource is UnmanagedMemoryStream mapped)
            {
                Libc.WriteAll(copy, new ReadOnlySpan<byte>(mapped.PositionPointer, (int)mapped.Length), Copying);
                return;
            }

            var program = new byte[resource.Length];
            resource.ReadExactly(program);
            Libc.WriteAll(copy, program, Copying);
        }
    }

    private static CanException Missing(string location, string why, Exception? cause) => new(
        "HelperMissing", CanErrorCategory.NotInstalled,
        $"The helper program {location} cannot be read ({why.TrimEnd('.')}). Install Can again, or build it with 'dotnet build Can.sln'.", location, cause);

    private SafeFileHandle Seal()
    {
        using var low = Libc.Own(Libc.memfd_create("can-monitor", Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING), "Making a memory file for the helper");

        // With a smaller number it would have to be moved at every start.
        var moved = Libc.Own(Libc.fcntl(low, Libc.F_DUPFD_CLOEXEC, Spawn.FirstFreeDescriptor), "Moving the helper's descriptor");
        source.Value.Fill(moved);
        if (Libc.fcntl(moved, Libc.F_ADD_SEALS, Libc.F_SEAL_ALL) != 0)
        {
            throw Libc.Error("Sealing the helper's copy");
        }

        return moved;
    }

    /// <summary>Where the bytes are, and what writes them into the copy.</summary>
    private sealed record Source(string Location, string? Refusal, Action<SafeFileHandle> Fill);
}
