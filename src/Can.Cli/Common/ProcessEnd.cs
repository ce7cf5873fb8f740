using System.Runtime.InteropServices;

namespace Can.Cli.Common;

/// <summary>The end of this process.</summary>
internal static partial class ProcessEnd
{
    /// <summary>
    /// Ends it without taking the runtime apart first, for which whoever waits for a short container would wait a millisecond or two more.
    /// For those who have written and given back everything, and have not let the runtime change the terminal.
    /// </summary>
    /// <remarks>_exit(2)</remarks>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void AtOnce(int code);
}
