using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Images.Registries;

namespace Can.Cli.Registries;

/// <summary>How a registry is spoken to, by all verbs that do.</summary>
internal sealed class RegistryArguments
{
    /// <summary>Podman's way to say it.</summary>
    public Option<string?> Verify { get; } = Opt.One("--tls-verify", "true|false", "false accepts a certificate that cannot be verified, and plain HTTP",
        static text => text is "true" or "false" ? text : throw new UsageException($"'{text}' is neither true nor false"));

    /// <summary>The same in one word.</summary>
    public Option<bool> Insecure { get; } = Opt.Flag("--insecure", "The same as --tls-verify=false");

    /// <summary>What was given.</summary>
    public RegistryOptions Read(ParseResult line) => new() { AllowInsecure = line.GetValue(Insecure) || line.GetValue(Verify) == "false" };
}
