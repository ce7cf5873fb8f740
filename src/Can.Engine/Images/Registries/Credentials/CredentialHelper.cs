using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Can.Engine.Images.Registries.Protocol;

namespace Can.Engine.Images.Registries.Credentials;

/// <summary>Asks a program <c>docker-credential-NAME</c>, which keeps credentials somewhere else than in a file.</summary>
/// <remarks>https://github.com/docker/docker-credential-helpers#development</remarks>
internal static class CredentialHelper
{
    /// <summary>User name that says that the secret is an identity token.</summary>
    private const string TokenUser = "<token>";

    /// <summary>What a helper has for a registry.</summary>
    /// <param name="name">Its name without <c>docker-credential-</c>.</param>
    /// <param name="host">The registry.</param>
    /// <returns>The credential, or why there is none; neither if the helper knows of none.</returns>
    public static (RegistryCredential? Credential, string? Note) Get(string name, RegistryHost host)
    {
        var program = $"docker-credential-{name}";
        if (name.Contains('/'))
        {
            return (null, $"'{program}' is not a name of a credential helper.");
        }

        try
        {
            var start = new ProcessStartInfo(program, ["get"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(host.CredentialKey);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? (Parse(output), null) : Refused(program, output + error.Result);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or JsonException)
        {
            return (null, $"The credential helper {program} could not be used: {exception.Message} Install it, or log in with Connect-CanRegistry {host}.");
        }
    }

    private static RegistryCredential? Parse(string output) => JsonSerializer.Deserialize(output, CredentialJson.Default.HelperCredential) switch
    {
        { Secret.Length: > 0, Username: TokenUser } found => new RegistryCredential("", "", found.Secret),
        { Secret.Length: > 0 } found => new RegistryCredential(found.Username ?? "", found.Secret),
        _ => null,
    };

    private static (RegistryCredential? Credential, string? Note) Refused(string program, string text) =>
        text.Contains("credentials not found", StringComparison.Ordinal)
            ? (null, null)
            : (null, $"The credential helper {program} failed: {RegistryError.Clean(text)}.");
}
