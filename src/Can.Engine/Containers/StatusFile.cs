using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Can.Engine.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers;

/// <summary>A status file as the monitor writes it: <c>key=value</c> lines (docs/architecture.md, "Files").</summary>
internal readonly record struct StatusFile(
    MonitorState State, int Monitor, ulong MonitorStart, int ProcessId, ulong ProcessStart, long Started, long Finished, int ExitCode, bool OomKilled, int Restarts)
{
    /// <summary>It ended because somebody stopped it.</summary>
    internal bool Stopped { get; init; }

    /// <summary>Result of the health check; null without one.</summary>
    internal HealthStatus? Health { get; init; }

    /// <summary>Probes failed in a row.</summary>
    internal int HealthFailures { get; init; }

    /// <summary>Exit code of the latest probe; -1 when it took too long.</summary>
    internal int HealthExit { get; init; }

    /// <summary>When the latest probe ended, in nanoseconds since 1970; 0 for never.</summary>
    internal long HealthChecked { get; init; }

    /// <summary>A status file is far smaller.</summary>
    private const int LargestFile = 2048;

    /// <summary>Reads a file; null when there is none or it is not one (it was cut short by a crash).</summary>
    internal static StatusFile? TryRead(string path)
    {
        using var file = new SafeFileHandle(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NOFOLLOW, 0), true);
        if (file.IsInvalid)
        {
            return null;
        }

        Span<byte> buffer = stackalloc byte[LargestFile];
        return Parse(buffer[..Libc.Read(file, buffer)]);
    }

    /// <summary>Parses a file's content.</summary>
    internal static StatusFile? Parse(ReadOnlySpan<byte> text)
    {
        var result = default(StatusFile);
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            var equals = line.IndexOf((byte)'=');
            if (equals <= 0)
            {
                continue;
            }

            var value = line[(equals + 1)..];
            var number = Utf8Parser.TryParse(value, out long parsed, out _) ? parsed : 0;
            result = Encoding.ASCII.GetString(line[..equals]) switch
            {
                "state" => result with { State = ParseState(value) },
                "monitor" => result with { Monitor = (int)number },
                "monitor_start" => result with { MonitorStart = (ulong)number },
                "pid" => result with { ProcessId = (int)number },
                "pid_start" => result with { ProcessStart = (ulong)number },
                "started" => result with { Started = number },
                "finished" => result with { Finished = number },
                "exit" => result with { ExitCode = (int)number },
                "oom" => result with { OomKilled = number != 0 },
                "restarts" => result with { Restarts = (int)number },
                "stopped" => result with { Stopped = number != 0 },
                "health" => result with { Health = ParseHealth(value) },
                "health_failures" => result with { HealthFailures = (int)number },
                "health_exit" => result with { HealthExit = (int)number },
                "health_checked" => result with { HealthChecked = number },
                _ => result,
            };
        }

        return result.State == MonitorState.Unknown ? null : result;
    }

    /// <summary>The text of an ended container.</summary>
    internal byte[] ToExitedText() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"version=1\nstate=exited\nmonitor=0\nmonitor_start=0\npid=0\npid_start=0\nstarted={Started}\nfinished={Finished}\nexit={ExitCode}\nsignal={Math.Max(ExitCode - 128, 0)}\noom={(OomKilled ? 1 : 0)}\nrestarts={Restarts}\nstopped={(Stopped ? 1 : 0)}\n{HealthText()}"));

    private string HealthText() => Health is not { } health ? "" : string.Create(CultureInfo.InvariantCulture,
        $"health={health.ToString().ToLowerInvariant()}\nhealth_failures={HealthFailures}\nhealth_exit={HealthExit}\nhealth_checked={HealthChecked}\n");

    /// <summary>A time of the file: nanoseconds since 1970, 0 for none. In UTC: the local time is looked up when somebody asks for it.</summary>
    internal static DateTimeOffset? Time(long nanoseconds) =>
        nanoseconds == 0 ? null : DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    private static MonitorState ParseState(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("running"u8) ? MonitorState.Running
        : value.SequenceEqual("restarting"u8) ? MonitorState.Restarting
        : value.SequenceEqual("exited"u8) ? MonitorState.Exited
        : MonitorState.Unknown;

    private static HealthStatus? ParseHealth(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("starting"u8) ? HealthStatus.Starting
        : value.SequenceEqual("healthy"u8) ? HealthStatus.Healthy
        : value.SequenceEqual("unhealthy"u8) ? HealthStatus.Unhealthy
        : null;
}

/// <summary>What a monitor says of its container.</summary>
internal enum MonitorState
{
    Unknown,
    Running,
    Restarting,
    Exited,
}
