using System.Net;
using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Registries.Protocol;

internal sealed partial class RegistryClient
{
    private static readonly string[] ManifestTypes = [MediaTypes.OciManifest, MediaTypes.OciIndex, MediaTypes.DockerManifest, MediaTypes.DockerList];

    /// <summary>A manifest or index, checked against its digest.</summary>
    /// <param name="reference">Repository, and the tag or digest.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CanException"><c>ManifestUnknown</c>, <c>ManifestTooLarge</c>, <c>DigestMismatch</c>, ...</exception>
    public async Task<ReceivedManifest> ReadManifestAsync(ImageReference reference, CancellationToken cancellation)
    {
        var request = ManifestRequest(HttpMethod.Get, reference);
        for (var failed = 1; ; failed++)
        {
            using var response = await SendAsync(request, cancellation).ConfigureAwait(false);
            await CheckManifestAsync(response, reference, cancellation).ConfigureAwait(false);
            try
            {
                var bytes = await BodyReader.ReadAsync(response, OciManifest.Limit, cancellation).ConfigureAwait(false)
                    ?? throw RegistryError.TooLarge(host, $"a manifest for '{reference}'", OciManifest.Limit);
                return Checked(reference, bytes, response);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                await PauseAsync(failed, exception, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The digest that a tag leads to now; null if the registry has no such manifest.</summary>
    public async Task<Digest?> FindManifestAsync(ImageReference reference, CancellationToken cancellation)
    {
        using var response = await SendAsync(ManifestRequest(HttpMethod.Head, reference), cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await CheckManifestAsync(response, reference, cancellation).ConfigureAwait(false);
        return StatedDigest(response) ?? throw RegistryError.Failed(host, $"does not say which digest '{reference}' has");
    }

    /// <summary>A small blob, checked against its digest and size.</summary>
    /// <exception cref="CanException"><c>BlobUnknown</c>, <c>ManifestTooLarge</c>, <c>DigestMismatch</c>, ...</exception>
    public async Task<byte[]> ReadBlobAsync(string repository, OciDescriptor blob, int limit, CancellationToken cancellation)
    {
        for (var failed = 1; ; failed++)
        {
            try
            {
                var (response, _) = await OpenBlobAsync(repository, blob, 0, cancellation).ConfigureAwait(false);
                using (response)
                {
                    var bytes = await BodyReader.ReadAsync(response, limit, cancellation).ConfigureAwait(false) ?? throw RegistryError.TooLarge(host, $"a configuration ({blob.Digest})", limit);
                    return Digest.Of(bytes) == blob.Digest
                        ? bytes
                        : throw RegistryError.DigestMismatch(host, $"{bytes.Length:N0} bytes for {blob.Digest} that have another digest");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                await PauseAsync(failed, exception, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Begins to read a blob.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="blob">Which.</param>
    /// <param name="from">First byte that is wanted.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The answer with the blob's bytes, and the position of the first: the one wanted, or 0 from a registry without Range.</returns>
    public async Task<(HttpResponseMessage Response, long From)> OpenBlobAsync(string repository, OciDescriptor blob, long from, CancellationToken cancellation)
    {
        var request = new RegistryRequest(HttpMethod.Get, $"v2/{repository}/blobs/{blob.Digest}", PullScope(repository)) { From = from };
        var response = await SendAsync(request, cancellation).ConfigureAwait(false);
        try
        {
            switch (response.StatusCode)
            {
                case HttpStatusCode.NotFound:
                    throw RegistryError.BlobUnknown(host, repository, blob.Digest);
                case HttpStatusCode.RequestedRangeNotSatisfiable when from > 0:
                    throw RegistryError.BlobTruncated(host, blob.Digest, from, blob.Size, null);
                case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == from:
                    return (response, from);
                case HttpStatusCode.PartialContent:
                    throw RegistryError.Failed(host, $"sent other bytes of {blob.Digest} than those asked for");
                default:
                    await CheckAsync(response, $"pull {repository}", cancellation).ConfigureAwait(false);
                    return (response, 0);
            }
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static string PullScope(string repository) => $"repository:{repository}:pull";

    private static RegistryRequest ManifestRequest(HttpMethod method, ImageReference reference) =>
        new(method, $"v2/{reference.Repository}/manifests/{reference.Digest?.ToString() ?? reference.Tag}", PullScope(reference.Repository)) { Accept = ManifestTypes };

    private static Digest? StatedDigest(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.FirstOrDefault(), out var digest) ? digest : null;

    private async Task CheckManifestAsync(HttpResponseMessage response, ImageReference reference, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            throw RegistryError.ManifestUnknown(reference, await RegistryError.TextAsync(response, cancellation).ConfigureAwait(false));
        }

        await CheckAsync(response, $"pull {reference.Repository}", cancellation).ConfigureAwait(false);
    }

    private ReceivedManifest Checked(ImageReference reference, byte[] bytes, HttpResponseMessage response)
    {
        var digest = Digest.Of(bytes);
        return (reference.Digest ?? StatedDigest(response) ?? digest) == digest
            ? new ReceivedManifest(bytes, digest, response.Content.Headers.ContentType?.MediaType)
            : throw RegistryError.DigestMismatch(host, $"a manifest for '{reference}' with the digest {digest} instead of {reference.Digest ?? StatedDigest(response)}");
    }

    private async Task PauseAsync(int failed, Exception exception, CancellationToken cancellation)
    {
        if (!RetryPolicy.IsTransient(exception) || Retry.Pause(failed) is not { } pause)
        {
            throw NoAnswer(exception);
        }

        await Task.Delay(pause, cancellation).ConfigureAwait(false);
    }
}

/// <summary>A manifest or index as it came.</summary>
/// <param name="Bytes">It, byte for byte.</param>
/// <param name="Digest">Their digest.</param>
/// <param name="ContentType">What the registry calls it; null if it does not say.</param>
internal sealed record ReceivedManifest(byte[] Bytes, Digest Digest, string? ContentType);
