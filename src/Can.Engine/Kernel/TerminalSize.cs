using System.Runtime.InteropServices;

namespace Can.Engine.Kernel;

/// <summary>The size of the caller's terminal.</summary>
/// <remarks>ioctl_tty(2), TIOCGWINSZ</remarks>
public static partial class TerminalSize
{
    private const nuint TIOCGWINSZ = 0x5413;

    /// <summary>Rows and columns of the terminal on descriptor 1; zeros when that is none.</summary>
    public static (int Rows, int Columns) OfStandardOutput() => Of(1);

    /// <summary>Rows and columns of the terminal on descriptor 2; zeros when that is none.</summary>
    public static (int Rows, int Columns) OfStandardError() => Of(2);

    private static (int Rows, int Columns) Of(int descriptor) => ioctl(descriptor, TIOCGWINSZ, out var size) == 0 ? (size.Rows, size.Columns) : default;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        internal ushort Rows;
        internal ushort Columns;
        internal ushort PixelsWide;
        internal ushort PixelsHigh;
    }
}
