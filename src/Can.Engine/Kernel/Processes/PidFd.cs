using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Processes;

/// <summary>A process held by descriptor: it can be waited for and signalled, and never be mistaken for another one.</summary>
/// <remarks>pidfd_open(2), pidfd_send_signal(2)</remarks>
internal sealed class PidFd : IDisposable
{
    private PidFd(SafeFileHandle handle, int processId) => (Handle, ProcessId) = (handle, processId);

    /// <summary>The descriptor; readable once the process has ended.</summary>
    internal SafeFileHandle Handle { get; }

    internal int ProcessId { get; }

    /// <summary>Holds the process that had this id and start time; null when it has ended.</summary>
    /// <param name="processId">Process id.</param>
    /// <param name="startTime">Clock ticks since boot, field 22 of /proc/PID/stat.</param>
    internal static PidFd? TryOpen(int processId, ulong startTime)
    {
        var descriptor = Libc.pidfd_open(processId);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() == Errno.ESRCH ? null : throw Libc.Error($"Opening process {processId}");
        }

        var held = new PidFd(new SafeFileHandle(descriptor, true), processId);
        if (StartTimeOf(processId) == startTime)
        {
            return held;
        }

        held.Dispose();
        return null;
    }

    /// <summary>Sends a signal.</summary>
    /// <returns>False when the process has ended.</returns>
    internal bool Signal(int signal)
    {
        if (Libc.pidfd_send_signal((int)Handle.DangerousGetHandle(), signal) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == Errno.ESRCH ? false : throw Libc.Error($"Sending signal {signal} to process {ProcessId}");
    }

    /// <summary>Whether the process has ended.</summary>
    internal bool HasEnded => Libc.pidfd_send_signal((int)Handle.DangerousGetHandle(), 0) < 0;

    /// <summary>Start time of a process in clock ticks since boot; null when there is none.</summary>
    /// <remarks>proc_pid_stat(5): the command's name may hold anything, so fields are counted after the last ')'.</remarks>
    internal static ulong? StartTimeOf(int processId)
    {
        using var file = new SafeFileHandle(Libc.open($"/proc/{processId}/stat", Libc.O_RDONLY | Libc.O_CLOEXEC, 0), true);
        if (file.IsInvalid)
        {
            return null;
        }

        Span<byte> buffer = stackalloc byte[1024];
        var text = buffer[..Math.Max(ReadOrNothing(file, buffer), 0)];
        text = text[(text.LastIndexOf((byte)')') + 1)..];
        for (var field = 2; field < 22; field++)
        {
            var space = text.IndexOf((byte)' ');
            if (space < 0)
            {
                return null;
            }

            text = text[(space + 1)..];
        }

        var end = text.IndexOf((byte)' ');
        return ulong.TryParse(Encoding.ASCII.GetString(end < 0 ? text : text[..end]), out var value) ? value : null;
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    /// <summary>A process that ends while its file is read gives ESRCH, which means the same as no file.</summary>
    private static int ReadOrNothing(SafeFileHandle file, Span<byte> buffer)
    {
        try
        {
            return Libc.Read(file, buffer);
        }
        catch (CanException)
        {
            return 0;
        }
    }
}
