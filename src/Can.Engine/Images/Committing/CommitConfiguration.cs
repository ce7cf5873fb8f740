using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Can.Engine.Containers.Options;
using Can.Engine.Networks;

namespace Can.Engine.Images.Committing;

/// <summary>
/// Makes the configuration of an image that has one layer more than another. What the engine does not know in it is kept as it is.
/// </summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/main/config.md</remarks>
internal static class CommitConfiguration
{
    /// <summary>What Docker wrote about the container that an image came from.</summary>
    private static readonly string[] Obsolete = ["container", "container_config", "docker_version", "id", "parent", "parent_id", "throwaway"];

    /// <summary>Refuses what a configuration cannot say.</summary>
    /// <exception cref="CanException"><c>PathNotAbsolute</c>, <c>PortInvalid</c>, <c>SignalInvalid</c> …</exception>
    public static void Check(CommitOptions options)
    {
        foreach (var path in options.Volumes.Append(options.WorkingDirectory).OfType<string>().Where(static path => path.Length > 0 && path[0] != '/'))
        {
            throw new CanException("PathNotAbsolute", CanErrorCategory.InvalidArgument, $"'{path}' is no absolute path in the container. Begin it with '/'.", path);
        }

        foreach (var port in options.ExposedPorts)
        {
            _ = PortMapping.OfExposed(port);
        }

        if (options.StopSignal is { Length: > 0 } signal)
        {
            _ = SignalNumber.Parse(signal);
        }
    }

    /// <summary>The configuration's bytes.</summary>
    /// <param name="original">The other image's configuration.</param>
    /// <param name="diffId">The new layer.</param>
    /// <param name="options">What changes.</param>
    /// <param name="createdBy">What the history says of how the layer came to be.</param>
    /// <param name="now">The time.</param>
    public static byte[] Write(ReadOnlySpan<byte> original, string diffId, CommitOptions options, string createdBy, DateTimeOffset now)
    {
        var image = JsonNode.Parse(original)!.AsObject();
        foreach (var name in Obsolete)
        {
            image.Remove(name);
        }

        var date = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        image["created"] = date;
        SetIfGiven(image, "author", options.Author);
        ChangeDefaults(Member(image, "config"), options);
        AddLayer(image, diffId);
        AddHistory(image, new JsonObject { ["created"] = date, ["created_by"] = createdBy }, options);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            image.WriteTo(json);
        }

        return stream.ToArray();
    }

    private static void ChangeDefaults(JsonObject config, CommitOptions options)
    {
        if (options.Entrypoint is { } entrypoint)
        {
            // The command was meant for the other entrypoint.
            config["Entrypoint"] = List(entrypoint);
            config.Remove("Cmd");
        }

        if (options.Command is { } command)
        {
            config["Cmd"] = List(command);
        }

        SetIfGiven(config, "User", options.User);
        SetIfGiven(config, "WorkingDir", options.WorkingDirectory);
        SetIfGiven(config, "StopSignal", options.StopSignal);
        ChangeEnvironment(config, options.Environment);
        foreach (var (name, value) in options.Labels.OrderBy(static label => label.Key, StringComparer.Ordinal))
        {
            Member(config, "Labels")[name] = value;
        }

        AddToSet(config, "ExposedPorts", options.ExposedPorts.SelectMany(Ports));
        AddToSet(config, "Volumes", options.Volumes);
    }

    private static void ChangeEnvironment(JsonObject config, IReadOnlyDictionary<string, string> changes)
    {
        if (changes.Count > 0)
        {
            config["Env"] = List(Merge([.. (config["Env"] as JsonArray ?? []).Select(static variable => variable!.GetValue<string>())], changes));
        }
    }

    /// <summary>Variables, as <c>NAME=VALUE</c>, with some of them changed where they are and the others added.</summary>
    public static IReadOnlyList<string> Merge(IReadOnlyList<string> variables, IReadOnlyDictionary<string, string> changes)
    {
        var merged = variables.ToList();
        foreach (var (name, value) in changes.OrderBy(static change => change.Key, StringComparer.Ordinal))
        {
            var index = merged.FindIndex(variable => variable.StartsWith($"{name}=", StringComparison.Ordinal));
            if (index >= 0)
            {
                merged[index] = $"{name}={value}";
            }
            else
            {
                merged.Add($"{name}={value}");
            }
        }

        return merged;
    }

    private static void AddLayer(JsonObject image, string diffId)
    {
        var rootfs = Member(image, "rootfs");
        rootfs["type"] = "layers";
        var layers = rootfs["diff_ids"] as JsonArray ?? [];
        rootfs["diff_ids"] = null;
        layers.Add((JsonNode)$"sha256:{diffId}");
        rootfs["diff_ids"] = layers;
    }

    /// <summary>Each layer has an entry in a history, so one that has none yet gets empty ones.</summary>
    private static void AddHistory(JsonObject image, JsonObject entry, CommitOptions options)
    {
        SetIfGiven(entry, "author", options.Author);
        SetIfGiven(entry, "comment", options.Message);
        if (image["history"] is not JsonArray history)
        {
            history = [.. Enumerable.Range(1, image["rootfs"]!["diff_ids"]!.AsArray().Count - 1).Select(static _ => (JsonNode)new JsonObject())];
        }

        image["history"] = null;
        history.Add((JsonNode)entry);
        image["history"] = history;
    }

    private static void AddToSet(JsonObject config, string name, IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            Member(config, name)[value] = new JsonObject();
        }
    }

    /// <summary>Ports one by one with their protocol, as in <c>80/tcp</c>.</summary>
    public static IEnumerable<string> Ports(string text) => PortMapping.OfExposed(text).Each().Select(static port => port.ContainerEnd);

    private static JsonObject Member(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject member)
        {
            parent[name] = member = [];
        }

        return member;
    }

    private static void SetIfGiven(JsonObject parent, string name, string? value)
    {
        if (value is not null)
        {
            parent[name] = value;
        }
    }

    private static JsonArray List(IEnumerable<string> values) => [.. values.Select(static value => (JsonNode)value)];
}
