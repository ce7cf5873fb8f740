using System.Runtime.InteropServices;

namespace Can.Engine.Tests.Kernel.Seccomp;

/// <summary>A thread under a filter; the filter ends with it, since it is loaded for this thread alone.</summary>
internal static unsafe partial class FilteredThread
{
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const long SECCOMP_SET_MODE_FILTER = 1;

    private static long SYS_seccomp => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 277 : 317;

    /// <summary>Loads the filter and makes the calls.</summary>
    /// <returns>errno of each, 0 for success.</returns>
    public static int[] Call(byte[] filter, params (long Number, long First, long Second)[] calls)
    {
        int[]? results = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Load(filter);
                results = Array.ConvertAll(calls, call => Error(syscall(call.Number, call.First, call.Second, 0)));
            }
            catch (InvalidOperationException exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? results! : throw failure;
    }

    private static void Load(byte[] filter)
    {
        fixed (byte* instructions = filter)
        {
            var program = new Program { Length = (ushort)(filter.Length / 8), Filter = instructions };
            if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, (nint)(&program)) != 0)
            {
                throw new InvalidOperationException($"the kernel refused the filter: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }

    private static int Error(long result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, long first, long second, long third);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, ulong first, ulong second, ulong third, ulong fourth);

    /// <summary>struct sock_fprog</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public byte* Filter;
    }
}
