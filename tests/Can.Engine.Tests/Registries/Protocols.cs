using System.Security.Cryptography;
using System.Text;
using Can.Engine.Images.Oci;
using Can.Engine.Images.Registries;
using Can.Engine.Images.Registries.Protocol;
using Can.Engine.Storage.Content;

namespace Can.Engine.Tests.Registries;

/// <summary>What the tests of the protocol share.</summary>
internal static class Protocols
{
    /// <summary>Patient enough to see a second attempt, and never for long.</summary>
    public static readonly RegistrySettings Quick = new()
    {
        CredentialFiles = [],
        Retry = new RetryPolicy { FirstPause = TimeSpan.FromMilliseconds(1), Attempts = 3 },
    };

    public static readonly RegistryCredential User = new("user", "pass:word");

    public static Task<RegistryClient> OpenAsync(this WildRegistry registry, RegistryCredential? user = null) => RegistryClient.OpenAsync(
        new RegistryHost(registry.Name), new RegistryOptions { AllowInsecure = true, Credential = user }, Quick, null, CancellationToken.None);

    /// <summary>Puts a blob into a repository.</summary>
    public static OciDescriptor AddBlob(this WildRegistry registry, string repository, byte[] bytes)
    {
        var digest = Digest.Of(bytes);
        registry.Content[$"/v2/{repository}/blobs/{digest}"] = (bytes, "application/octet-stream");
        return new OciDescriptor { Digest = digest, Size = bytes.Length };
    }

    /// <summary>Puts a manifest into a repository, by a tag and by its digest.</summary>
    public static Digest AddManifest(this WildRegistry registry, string repository, string tag, string json, string type = MediaTypes.OciManifest)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var digest = Digest.Of(bytes);
        registry.Content[$"/v2/{repository}/manifests/{tag}"] = (bytes, type);
        registry.Content[$"/v2/{repository}/manifests/{digest}"] = (bytes, type);
        return digest;
    }

    public static byte[] Noise(int length) => RandomNumberGenerator.GetBytes(length);

    public static async Task<CanException> FailsAsync(string errorId, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<CanException>(action);
        Assert.True(error.ErrorId == errorId, $"{error.ErrorId} instead of {errorId}: {error}");
        return error;
    }
}
