using System.Globalization;
using System.Text.Json;
using Can.Cli.Common.Listing;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>A container as <c>docker inspect</c> shows it: its names for what both have, nothing made up for what Can does not have.</summary>
/// <param name="containers">The containers it is one of.</param>
/// <param name="container">It.</param>
internal sealed class ContainerJson(ContainerService containers, Container container)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly ContainerDefinition definition = containers.DefinitionOf(container.Id);

    /// <summary>Writes the object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("Id", container.Id);
        writer.WriteString("Created", Time(container.CreatedAt));
        writer.WriteString("Path", container.Command[0]);
        WriteStrings(writer, "Args", container.Command.Skip(1));
        WriteState(writer);
        writer.WriteString("Image", $"sha256:{container.ImageId}");
        writer.WriteString("Name", $"/{container.Name}");
        writer.WriteNumber("RestartCount", container.RestartCount);
        writer.WriteString("Platform", "linux");
        WriteHostConfig(writer);
        WriteMounts(writer);
        WriteConfig(writer);
        WriteNetworkSettings(writer);
        writer.WriteEndObject();
    }

    private void WriteState(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("State");
        writer.WriteString("Status", ContainerText.State(container));
        writer.WriteBoolean("Running", container.State is ContainerState.Running or ContainerState.Suspended);
        writer.WriteBoolean("Paused", container.State == ContainerState.Suspended);
        writer.WriteBoolean("Restarting", container.State == ContainerState.Restarting);
        writer.WriteBoolean("OOMKilled", container.OomKilled);
        writer.WriteNumber("Pid", container.ProcessId ?? 0);
        writer.WriteNumber("MonitorPid", container.MonitorProcessId ?? 0);
        writer.WriteNumber("ExitCode", container.ExitCode ?? 0);
        writer.WriteString("StartedAt", Time(container.StartedAt ?? default));
        writer.WriteString("FinishedAt", Time(container.FinishedAt ?? default));
        if (container.Health is { } health)
        {
            writer.WriteStartObject("Health");
            writer.WriteString("Status", health.Status.ToString().ToLowerInvariant());
            writer.WriteNumber("FailingStreak", health.FailingStreak);
            writer.WriteNumber("LastExitCode", health.LastExitCode ?? 0);
            writer.WriteString("Output", health.Output);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteHostConfig(Utf8JsonWriter writer)
    {
        var limits = container.Limits;
        writer.WriteStartObject("HostConfig");
        writer.WriteString("NetworkMode", definition.Attachments is [var first, ..] ? first.Network : definition.Network);
        writer.WriteStartObject("RestartPolicy");
        writer.WriteString("Name", PolicyName(container.RestartPolicy.Condition));
        writer.WriteNumber("MaximumRetryCount", container.RestartPolicy.MaximumRetries);
        writer.WriteEndObject();
        writer.WriteBoolean("AutoRemove", definition.AutoRemove);
        writer.WriteBoolean("Privileged", definition.Privileged);
        writer.WriteBoolean("ReadonlyRootfs", definition.ReadOnly);
        writer.WriteBoolean("Init", definition.Init);
        WriteStrings(writer, "CapAdd", definition.CapAdd);
        WriteStrings(writer, "CapDrop", definition.CapDrop);
        WriteStrings(writer, "SecurityOpt", definition.SecurityOptions);
        writer.WriteNumber("Memory", limits.MemoryBytes ?? 0);
        writer.WriteNumber("MemorySwap", limits.MemorySwapBytes ?? 0);
        writer.WriteNumber("NanoCpus", (long)((limits.Cpus ?? 0) * NanosecondsPerSecond));
        writer.WriteNumber("CpuShares", limits.CpuShares ?? 0);
        writer.WriteString("CpusetCpus", limits.CpuSet ?? "");
        writer.WriteNumber("PidsLimit", limits.PidsLimit ?? 0);
        writer.WriteNumber("BlkioWeight", limits.BlkioWeight ?? 0);
        WriteStrings(writer, "Ulimits", definition.Ulimits.Select(static limit => limit.ToString()));
        WriteStrings(writer, "Devices", definition.Devices.Select(static device => device.ToString()));
        writer.WriteEndObject();
    }

    private void WriteMounts(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("Mounts");
        foreach (var mount in container.Mounts)
        {
            writer.WriteStartObject();
            writer.WriteString("Type", mount.Kind.ToString().ToLowerInvariant());
            if (mount.Kind == MountKind.Volume)
            {
                writer.WriteString("Name", mount.Source);
            }

            writer.WriteString("Source", mount.Source);
            writer.WriteString("Destination", mount.Target);
            writer.WriteBoolean("RW", !mount.ReadOnly);
            writer.WriteString("Propagation", mount.Kind == MountKind.Bind ? mount.Propagation : "");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("Config");
        writer.WriteString("Hostname", definition.Hostname);
        writer.WriteString("User", definition.User);
        writer.WriteBoolean("Tty", definition.Tty);
        writer.WriteBoolean("OpenStdin", definition.Interactive);
        WriteStrings(writer, "Env", definition.Environment);
        WriteStrings(writer, "Cmd", definition.Arguments);
        writer.WriteString("Image", definition.Image);
        writer.WriteString("WorkingDir", definition.WorkingDirectory);
        writer.WriteNumber("StopSignal", definition.StopSignal);
        writer.WriteNumber("StopTimeout", definition.StopTimeoutSeconds);
        writer.WriteSet("ExposedPorts", container.ExposedPorts);
        writer.WriteStartObject("Labels");
        foreach (var (name, value) in container.Labels)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteNetworkSettings(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("NetworkSettings");
        writer.WriteString("IPAddress", container.IPAddress ?? "");
        writer.WriteString("GlobalIPv6Address", container.IPv6Address ?? "");
        writer.WriteStartObject("Ports");
        foreach (var group in container.Ports.GroupBy(static port => port.ContainerEnd))
        {
            writer.WriteStartArray(group.Key);
            foreach (var port in group)
            {
                writer.WriteStartObject();
                writer.WriteString("HostIp", port.Address);
                writer.WriteString("HostPort", port.HostPort.ToString(CultureInfo.InvariantCulture));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("Networks");
        foreach (var address in containers.AddressesOf(container.Id))
        {
            writer.WriteStartObject(address.Network);
            writer.WriteString("Interface", address.Interface);
            writer.WriteString("IPAddress", address.IPAddress);
            writer.WriteString("GlobalIPv6Address", address.IPv6Address ?? "");
            writer.WriteString("MacAddress", address.MacAddress);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static string PolicyName(RestartCondition condition) => condition switch
    {
        RestartCondition.OnFailure => "on-failure",
        RestartCondition.Always => "always",
        RestartCondition.UnlessStopped => "unless-stopped",
        _ => "no",
    };

    private static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
}
