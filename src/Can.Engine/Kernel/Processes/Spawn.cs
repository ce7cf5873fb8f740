using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Processes;

/// <summary>
/// Starts a program with exactly the descriptors it is to have. posix_spawn(3) takes the same time however large the calling
/// process is, because its child borrows the memory until it runs the program.
/// </summary>
internal static class Spawn
{
    /// <summary>Larger than posix_spawn_file_actions_t in every libc.</summary>
    private const int ActionsSize = 512;

    /// <summary>Sources are moved above this number, or the last target, first, so that no target overwrites a later source.</summary>
    internal const int FirstFreeDescriptor = 32;

    /// <summary>Starts a program that is an open file; otherwise as the other.</summary>
    internal static int Start(
        SafeFileHandle program, ReadOnlySpan<string> arguments, ReadOnlySpan<(int Target, SafeFileHandle Source)> descriptors, bool nullStreams)
    {
        // The targets of a container with hundreds of ports may reach its number too, and come before it is run.
        var moved = new List<SafeFileHandle>();
        try
        {
            return Start($"/proc/self/fd/{NumberOf(program, FirstFreeAbove(descriptors), moved)}", arguments, descriptors, nullStreams);
        }
        finally
        {
            moved.ForEach(static handle => handle.Dispose());
        }
    }

    /// <summary>Starts a program with an empty environment.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its arguments, the zeroth included.</param>
    /// <param name="descriptors">Descriptor numbers it is to have, and what they are. Those that are not named stay close-on-exec.</param>
    /// <param name="nullStreams">Standard streams are /dev/null instead of the caller's own.</param>
    /// <returns>The process id; the caller reaps it.</returns>
    internal static unsafe int Start(string path, ReadOnlySpan<string> arguments, ReadOnlySpan<(int Target, SafeFileHandle Source)> descriptors, bool nullStreams)
    {
        var actions = stackalloc byte[ActionsSize];
        Check(Libc.posix_spawn_file_actions_init(actions), path);
        var moved = new List<SafeFileHandle>();
        var argv = new byte*[arguments.Length + 1];
        try
        {
            for (var stream = 0; nullStreams && stream < 3; stream++)
            {
                Check(Libc.posix_spawn_file_actions_addopen(actions, stream, "/dev/null", Libc.O_RDWR, 0), path);
            }

            var firstFree = FirstFreeAbove(descriptors);
            foreach (var (target, source) in descriptors)
            {
                Check(Libc.posix_spawn_file_actions_adddup2(actions, NumberOf(source, firstFree, moved), target), path);
            }

            for (var index = 0; index < arguments.Length; index++)
            {
                argv[index] = (byte*)Marshal.StringToCoTaskMemUTF8(arguments[index]);
            }

            byte* noEnvironment = null;
            fixed (byte** first = argv)
            {
                Check(Libc.posix_spawn(out var processId, path, actions, null, first, &noEnvironment), path);
                return processId;
            }
        }
        finally
        {
            foreach (var argument in argv)
            {
                Marshal.FreeCoTaskMem((nint)argument);
            }

            moved.ForEach(handle => handle.Dispose());
            _ = Libc.posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>Reaps a child of this process.</summary>
    /// <returns>Its exit code, 128 + signal, or null when somebody else has reaped it.</returns>
    internal static int? Reap(int processId)
    {
        while (true)
        {
            if (Libc.waitpid(processId, out var status, 0) == processId)
            {
                return (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
            }

            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                return null;
            }
        }
    }

    private static int FirstFreeAbove(ReadOnlySpan<(int Target, SafeFileHandle Source)> descriptors)
    {
        var firstFree = FirstFreeDescriptor;
        foreach (var (target, _) in descriptors)
        {
            firstFree = Math.Max(firstFree, target + 1);
        }

        return firstFree;
    }

    private static int NumberOf(SafeFileHandle source, int firstFree, List<SafeFileHandle> moved)
    {
        var number = (int)source.DangerousGetHandle();
        if (number >= firstFree)
        {
            return number;
        }

        var copy = Libc.Own(Libc.fcntl(source, Libc.F_DUPFD_CLOEXEC, firstFree), "Moving a descriptor");
        moved.Add(copy);
        return (int)copy.DangerousGetHandle();
    }

    /// <summary>The posix_spawn family returns its error instead of setting errno.</summary>
    private static void Check(int error, string path)
    {
        if (error != 0)
        {
            throw new CanException("HelperNotStarted", CanErrorCategory.OperatingSystem,
                $"The helper could not be started ({path}): {Marshal.GetPInvokeErrorMessage(error)}.", path);
        }
    }
}
