using System.Globalization;
using System.Text;
using Can.Engine.Containers;

namespace Can.Engine.Kernel.Processes;

/// <summary>Reads what /proc says of one process.</summary>
/// <remarks>proc_pid_stat(5), proc_pid_status(5)</remarks>
internal static class ProcessReader
{
    /// <summary>USER_HZ, which the kernel's interface fixes at 100 on every architecture that .NET runs on.</summary>
    private const int TicksPerSecond = 100;

    private static readonly long BootSeconds = ReadBootTime();

    /// <summary>The process; null when it has ended.</summary>
    internal static ContainerProcess? TryRead(string container, int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var status = File.ReadAllLines($"/proc/{processId}/status");
            var command = File.ReadAllBytes($"/proc/{processId}/cmdline");
            return new(
                container,
                processId,
                int.Parse(Field(status, "NSpid:")[^1], CultureInfo.InvariantCulture),
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                int.Parse(Field(status, "Uid:")[0], CultureInfo.InvariantCulture),
                fields[0][0],
                TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / (double)TicksPerSecond),
                Number(fields[21]) * Environment.SystemPageSize,
                DateTimeOffset.FromUnixTimeSeconds(BootSeconds).AddSeconds(Number(fields[19]) / (double)TicksPerSecond).ToLocalTime(),
                command.Length == 0 ? $"[{stat[(stat.IndexOf('(') + 1)..stat.LastIndexOf(')')]}]" : Encoding.UTF8.GetString(command).TrimEnd('\0').Replace('\0', ' '));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string[] Field(string[] status, string name) =>
        Array.Find(status, line => line.StartsWith(name, StringComparison.Ordinal))![name.Length..].Split('\t', StringSplitOptions.RemoveEmptyEntries);

    private static long ReadBootTime() =>
        Number(File.ReadLines("/proc/stat").First(line => line.StartsWith("btime ", StringComparison.Ordinal))["btime ".Length..]);
}
