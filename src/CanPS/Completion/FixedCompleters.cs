using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Images.Registries;
using Can.Engine.Networks;

namespace CanPS.Completion;

/// <summary>Completes from a fixed list.</summary>
internal abstract class FixedCompleter(params string[] texts) : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) => texts.Select(text => (text, text));
}

/// <summary>Signals by name.</summary>
internal sealed class SignalCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) => SignalNumber.Names.Select(name => (name, name));
}

/// <summary>Restart policies.</summary>
internal sealed class RestartPolicyCompleter() : FixedCompleter("no", "on-failure", "on-failure:3", "always", "unless-stopped");

/// <summary>Platforms of images.</summary>
internal sealed class PlatformCompleter() : FixedCompleter([.. RegistryOptions.UsualPlatforms]);

/// <summary>Drivers of networks.</summary>
internal sealed class NetworkDriverCompleter() : FixedCompleter(NetworkOptions.BridgeDriver);

/// <summary>Security options.</summary>
internal sealed class SecurityOptionCompleter() : FixedCompleter(
    "no-new-privileges=true", "no-new-privileges=false", "seccomp=default", "seccomp=unconfined", "systempaths=unconfined");

/// <summary>Resources of setrlimit(2).</summary>
internal sealed class UlimitCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) => Ulimit.Names.Select(name => (name + "=", name));
}
