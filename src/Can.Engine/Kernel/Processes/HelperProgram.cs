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
    private readonly Action<SafeFileHandle> fill;
    private readonly Lazy<SafeFileHandle> copy;

    private HelperProgram(string location, Action<SafeFileHandle> fill)
    {
        Location = location;
        this.fill = fill;
        copy = new(Seal);
    }

    /// <summary>Where it comes from: a path, or the name of a resource.</summary>
    public string Location { get; }

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
        fill(moved);
        if (Libc.fcntl(moved, Libc.F_ADD_SEALS, Libc.F_SEAL_ALL) != 0)
        {
            throw Libc.Error("Sealing the helper's copy");
        }

        return moved;
    }
}
