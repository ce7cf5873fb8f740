using System.Management.Automation;
using Can.Engine.Images.Registries;

namespace CanPS.Registries;

/// <summary>What the cmdlets that speak with a registry share.</summary>
internal static class RegistryParameters
{
    /// <summary>How a registry is to be spoken to.</summary>
    /// <param name="credential">Who is asking; null for whoever is logged in.</param>
    /// <param name="allowInsecure">Without TLS, or with a certificate that cannot be verified, if need be.</param>
    public static RegistryOptions Options(PSCredential? credential, bool allowInsecure) => new()
    {
        AllowInsecure = allowInsecure,

        // The user name as it was given: GetNetworkCredential would take a domain off it.
        Credential = credential is null || credential == PSCredential.Empty
            ? null
            : new RegistryCredential(credential.UserName, credential.GetNetworkCredential().Password),
    };
}
