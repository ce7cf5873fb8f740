using System.Buffers.Binary;
using System.Text;
using Can.Engine.Starting;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Processes;

/// <summary>What the helper says over its sync pipe: struct sync_message of native/plan_format.h.</summary>
internal readonly record struct SyncMessage(
    SyncKind Kind, uint Step, int Error, int Signal, int ProcessId, ulong StartTime, int MonitorProcessId, ulong MonitorStartTime, int ExitCode, string Text)
{
    /// <summary>Bytes of the structure.</summary>
    internal const int Size = 256;

    private const int TextOffset = 56;

    /// <summary>Reads one message; null when the helper has gone without one.</summary>
    internal static SyncMessage? Read(SafeFileHandle pipe, Poller poller)
    {
        Span<byte> buffer = stackalloc byte[Size];
        var length = 0;
        while (length < Size)
        {
            poller.WaitReadable(pipe);
            var count = Libc.Read(pipe, buffer[length..]);
            if (count == 0)
            {
                return null;
            }

            length += Math.Max(count, 0);
        }

        return Parse(buffer);
    }

    private static SyncMessage Parse(ReadOnlySpan<byte> data)
    {
        var text = data[TextOffset..];
        var end = text.IndexOf((byte)0);
        return new(
            (SyncKind)BinaryPrimitives.ReadUInt32LittleEndian(data),
            BinaryPrimitives.ReadUInt32LittleEndian(data[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(data[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(data[12..]),
            (int)BinaryPrimitives.ReadInt64LittleEndian(data[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(data[24..]),
            (int)BinaryPrimitives.ReadInt64LittleEndian(data[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(data[40..]),
            BinaryPrimitives.ReadInt32LittleEndian(data[48..]),
            Encoding.UTF8.GetString(end < 0 ? text : text[..end]));
    }
}
