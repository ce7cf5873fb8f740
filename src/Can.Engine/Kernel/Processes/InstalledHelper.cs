using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Processes;

/// <summary>
/// can-monitor as a file that was installed beside the program which uses it. It is taken only if root alone can have written it
/// and if it is of the very version and plan format that this engine speaks: a file that an upgrade left behind is none of it.
/// </summary>
internal static class InstalledHelper
{
    private const uint WritableByOthers = 0x12; // S_IWGRP | S_IWOTH
    private const uint FileType = 0xF000;
    private const uint RegularFile = 0x8000;

    // The program is some 90 kB; whatever is this large is something else.
    private const ulong MostBytes = 16 << 20;

    /// <summary>Reads the program.</summary>
    /// <param name="path">Absolute path; a symbolic link as its last part is refused.</param>
    /// <param name="refusal">Why the file that is there is not to be used; null otherwise.</param>
    /// <returns>Its bytes; null when there is none, or none to be used.</returns>
    internal static byte[]? Read(string path, out string? refusal)
    {
        refusal = null;
        var descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0u);
        if (descriptor < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            refusal = errno is Errno.ENOENT or Errno.ENOTDIR ? null : Marshal.GetPInvokeErrorMessage(errno);
            return null;
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        refusal = Distrust(file, out var length);
        if (refusal is not null)
        {
            return null;
        }

        var program = GC.AllocateUninitializedArray<byte>(length);
        if (!TryFill(file, program) || program.AsSpan().IndexOf(HelperMark.Text) < 0)
        {
            refusal = "it is of another version of Can";
            return null;
        }

        return program;
    }

    private static unsafe string? Distrust(SafeFileHandle file, out int length)
    {
        length = 0;
        Libc.statx_t status;
        byte nothing = 0;
        if (Libc.statx((int)file.DangerousGetHandle(), &nothing, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &status) != 0)
        {
            return Marshal.GetLastPInvokeErrorMessage();
        }

        if ((status.mode & FileType) != RegularFile || status.size > MostBytes)
        {
            return "it is no program";
        }

        length = (int)status.size;
        return status.uid != 0 ? "it does not belong to root"
            : (status.mode & WritableByOthers) != 0 ? "others than root can write it"
            : null;
    }

    private static unsafe bool TryFill(SafeFileHandle file, Span<byte> program)
    {
        while (!program.IsEmpty)
        {
            nint count;
            fixed (byte* start = program)
            {
                count = Libc.read(file, start, program.Length);
            }

            if (count <= 0)
            {
                return false;
            }

            program = program[(int)count..];
        }

        return true;
    }
}
