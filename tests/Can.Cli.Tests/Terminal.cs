using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Can.Cli.Tests;

/// <summary>A pseudo-terminal with a program on it that takes it for a user's own: it is the leader of the terminal's session.</summary>
/// <remarks>pty(7); posix_spawn(3): the first terminal that the leader of a session opens becomes its controlling one.</remarks>
internal sealed unsafe partial class Terminal : IDisposable
{
    private const int O_RDWR = 2;
    private const int O_NOCTTY = 0x100;
    private const int O_CLOEXEC = 0x80000;
    private const short POSIX_SPAWN_SETSID = 0x80;
    private const nuint TIOCSWINSZ = 0x5414;
    private const int SIGKILL = 9;
    private const int OpaqueSize = 1024;

    private readonly SafeFileHandle master;
    private readonly int process;
    private readonly StringBuilder text = new();
    private readonly Thread reader;
    private int? status;

    public Terminal(string[] words, IReadOnlyDictionary<string, string> variables, int rows = 24, int columns = 80)
    {
        master = new SafeFileHandle(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), ownsHandle: true);
        var name = stackalloc byte[64];
        Assert.True(!master.IsInvalid && grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, name, 64) == 0, "no pseudo-terminal can be had");
        Resize(rows, columns);
        process = Spawn(words, variables, Marshal.PtrToStringUTF8((nint)name)!);
        reader = new Thread(Read) { IsBackground = true };
        reader.Start();
    }

    /// <summary>Everything that has been written to the terminal.</summary>
    public string Text
    {
        get
        {
            lock (text)
            {
                return text.ToString();
            }
        }
    }

    /// <summary>Types keys.</summary>
    public void Type(string keys)
    {
        var bytes = Encoding.UTF8.GetBytes(keys);
        Write(bytes);
    }

    /// <summary>Types keys and waits for what they bring about.</summary>
    public void Type(string keys, string expected)
    {
        var before = Text.Length;
        Type(keys);
        Await(expected, before);
    }

    /// <summary>Waits until a text has appeared.</summary>
    public void Await(string expected, int from = 0)
    {
        try
        {
            CliRoot.Eventually(() => Text.IndexOf(expected, from, StringComparison.Ordinal) >= 0, expected);
        }
        catch (Xunit.Sdk.XunitException)
        {
            Assert.Fail($"'{expected}' did not appear; what did: {Text}");
        }
    }

    /// <summary>Makes the window another size.</summary>
    public void Resize(int rows, int columns)
    {
        var size = stackalloc ushort[] { (ushort)rows, (ushort)columns, 0, 0 };
        Assert.Equal(0, ioctl(master, TIOCSWINSZ, size));
    }

    /// <summary>Waits for the program's end.</summary>
    /// <returns>Its exit code; 128 and the signal's number if one ended it.</returns>
    public int WaitForExit()
    {
        CliRoot.Eventually(HasExited, "the program at the terminal has ended");
        return (status!.Value & 0x7f) == 0 ? (status.Value >> 8) & 0xff : 128 + (status.Value & 0x7f);
    }

    public void Dispose()
    {
        if (!HasExited())
        {
            _ = kill(process, SIGKILL);
            _ = WaitForExit();
        }

        // With the last program that has it open gone, reading ends.
        _ = reader.Join(CliRoot.Patience);
        master.Dispose();
    }

    private static int Spawn(string[] words, IReadOnlyDictionary<string, string> variables, string terminal)
    {
        byte* actions = stackalloc byte[OpaqueSize], attributes = stackalloc byte[OpaqueSize];
        Assert.Equal(0, posix_spawn_file_actions_init(actions) | posix_spawnattr_init(attributes) | posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID));
        Assert.Equal(0, posix_spawn_file_actions_addopen(actions, 0, terminal, O_RDWR, 0)
            | posix_spawn_file_actions_adddup2(actions, 0, 1) | posix_spawn_file_actions_adddup2(actions, 0, 2));
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(static entry => (string)entry.Key, static entry => (string)entry.Value!);
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        var error = posix_spawnp(out var id, words[0], actions, attributes, [.. words, null], [.. environment.Select(static pair => $"{pair.Key}={pair.Value}"), null]);
        _ = posix_spawn_file_actions_destroy(actions) | posix_spawnattr_destroy(attributes);
        Assert.True(error == 0, $"{words[0]}: {Marshal.GetPInvokeErrorMessage(error)}");
        return id;
    }

    private bool HasExited()
    {
        const int WNOHANG = 1;
        if (status is null && waitpid(process, out var ended, WNOHANG) == process)
        {
            status = ended;
        }

        return status is not null;
    }

    private void Write(byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            Assert.Equal(bytes.Length, write(master, start, bytes.Length));
        }
    }

    private void Read()
    {
        var buffer = stackalloc byte[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[4096];

        // EIO once nobody has the other side open; the child has it open from its very beginning, which a short wait allows for.
        for (nint length; (length = read(master, buffer, 4096)) > 0 || (length < 0 && !HasExited());)
        {
            if (length < 0)
            {
                Thread.Sleep(5);
                continue;
            }

            var count = decoder.GetChars(new ReadOnlySpan<byte>(buffer, (int)length), characters, flush: false);
            lock (text)
            {
                _ = text.Append(characters, 0, count);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc")]
    private static partial int grantpt(SafeFileHandle descriptor);

    [LibraryImport("libc")]
    private static partial int unlockpt(SafeFileHandle descriptor);

    [LibraryImport("libc")]
    private static partial int ptsname_r(SafeFileHandle descriptor, byte* buffer, nint length);

    [LibraryImport("libc")]
    private static partial int ioctl(SafeFileHandle descriptor, nuint request, void* argument);

    [LibraryImport("libc")]
    private static partial nint read(SafeFileHandle descriptor, byte* buffer, nint count);

    [LibraryImport("libc")]
    private static partial nint write(SafeFileHandle descriptor, byte* buffer, nint count);

    [LibraryImport("libc")]
    private static partial int waitpid(int process, out int status, int options);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int descriptor, int other);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawnp(out int process, string file, byte* actions, byte* attributes, string?[] arguments, string?[] environment);
}
