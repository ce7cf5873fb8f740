using System.Net;
using System.Net.Http.Headers;
using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>What became of a blob that was to be sent.</summary>
internal enum BlobOutcome
{
    /// <summary>It was there.</summary>
    Present,

    /// <summary>The registry took it from another repository.</summary>
    Mounted,

    /// <summary>It was uploaded.</summary>
    Uploaded,
}

internal sealed partial class RegistryClient
{
    /// <summary>Whether a repository has a blob.</summary>
    public async Task<bool> HasBlobAsync(string repository, Digest digest, CancellationToken cancellation)
    {
        using var response = await SendAsync(new RegistryRequest(HttpMethod.Head, $"v2/{repository}/blobs/{digest}", PushScope(repository)), cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        await CheckAsync(response, $"push {repository}", cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Sees to it that a repository has a blob: looks for it, lets the registry take it from another repository, or uploads it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="blob">Which.</param>
    /// <param name="path">File with its content.</param>
    /// <param name="from">A repository of the same registry that may have it; null if none is known.</param>
    /// <param name="transfer">Is told how far it is.</param>
    /// <param name="cancellation">Gives up at once.</param>
    public async Task<BlobOutcome> SendBlobAsync(
        string repository, OciDescriptor blob, string path, string? from, BlobTransfer transfer, CancellationToken cancellation)
    {
        if (await HasBlobAsync(repository, blob.Digest, cancellation).ConfigureAwait(false))
        {
            return BlobOutcome.Present;
        }

        for (var failed = 1; ; failed++)
        {
            TimeSpan? pause;
            try
            {
                var location = await BeginUploadAsync(repository, blob.Digest, from, cancellation).ConfigureAwait(false);
                if (location is null)
                {
                    return BlobOutcome.Mounted;
                }

                using var response = await UploadAsync(repository, blob, path, location, transfer, cancellation).ConfigureAwait(false);
                pause = RetryPolicy.IsTransient(response.StatusCode) ? Retry.Pause(failed, RetryPolicy.RetryAfter(response)) : null;
                if (pause is null)
                {
                    await CheckAsync(response, $"push {repository}", cancellation).ConfigureAwait(false);
                    return BlobOutcome.Uploaded;
                }
            }
            catch (CanException exception) when (exception.ErrorId == "RegistryUnreachable" && Retry.Pause(failed) is { } again)
            {
                pause = again;
            }

            transfer.Restart();
            await Task.Delay(pause.Value, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Puts a manifest, byte for byte, whose blobs are all there.</summary>
    /// <returns>The digest that the registry knows it by.</returns>
    public async Task WriteManifestAsync(ImageReference reference, byte[] bytes, Digest digest, string mediaType, CancellationToken cancellation)
    {
        var request = new RegistryRequest(HttpMethod.Put, $"v2/{reference.Repository}/manifests/{reference.Digest?.ToString() ?? reference.Tag}", PushScope(reference.Repository))
        {
            Content = () => new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } },
        };
        using var response = await SendAsync(request, cancellation).ConfigureAwait(false);
        await CheckAsync(response, $"push {reference.Repository}", cancellation).ConfigureAwait(false);
        if (StatedDigest(response) is { } stated && stated != digest)
        {
            throw RegistryError.DigestMismatch(host, $"{stated} as the digest of the manifest {digest}, which it must have changed");
        }
    }

    private static string PushScope(string repository) => $"repository:{repository}:pull,push";

    /// <returns>Where to upload to; null if the registry has taken the blob from the other repository.</returns>
    private async Task<Uri?> BeginUploadAsync(string repository, Digest digest, string? from, CancellationToken cancellation)
    {
        var uploads = $"v2/{repository}/blobs/uploads/";
        if (from is not null)
        {
            var mount = new RegistryRequest(HttpMethod.Post, $"{uploads}?mount={Uri.EscapeDataString(digest.ToString())}&from={Uri.EscapeDataString(from)}", $"{PushScope(repository)} {PullScope(from)}") { Content = Nothing };
            using var mounted = await SendAsync(mount, cancellation).ConfigureAwait(false);
            if (mounted.StatusCode == HttpStatusCode.Created)
            {
                return null;
            }

            // Some registries answer a mount that they cannot or will not make with an error instead of a place to upload to.
            if (mounted.StatusCode == HttpStatusCode.Accepted)
            {
                return Location(mounted);
            }
        }

        using var response = await SendAsync(new RegistryRequest(HttpMethod.Post, uploads, PushScope(repository)) { Content = Nothing }, cancellation).ConfigureAwait(false);
        await CheckAsync(response, $"push {repository}", cancellation).ConfigureAwait(false);
        return Location(response);
    }

    /// <summary>
    /// Uploads as docker push does, which therefore every registry takes: all of it by one PATCH of known length, then a PUT that says
    /// what it was.
    /// </summary>
    private async Task<HttpResponseMessage> UploadAsync(
        string repository, OciDescriptor blob, string path, Uri location, BlobTransfer transfer, CancellationToken cancellation)
    {
        var patch = new RegistryRequest(HttpMethod.Patch, location.AbsoluteUri, PushScope(repository))
        {
            Content = () => new FileContent(path, transfer),
            Patience = Timeout.InfiniteTimeSpan,
            IsRepeatable = false,
        };
        var response = await SendAsync(patch, cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            location = Location(response);
        }

        var query = $"digest={Uri.EscapeDataString(blob.Digest.ToString())}";
        var target = location.AbsoluteUri + (location.Query.Length > 0 ? "&" : "?") + query;
        var put = new RegistryRequest(HttpMethod.Put, target, PushScope(repository))
        {
            Content = Nothing,

            // Before it answers, the registry reads the whole blob once more.
            Patience = TimeSpan.FromMinutes(15),
            IsRepeatable = false,
        };
        return await SendAsync(put, cancellation).ConfigureAwait(false);
    }

    private static ByteArrayContent Nothing() => new([]);

    private Uri Location(HttpResponseMessage response) => response.Headers.Location is { } location
        ? new Uri(response.RequestMessage!.RequestUri!, location)
        : throw RegistryError.Failed(host, "does not say where to upload to");
}
