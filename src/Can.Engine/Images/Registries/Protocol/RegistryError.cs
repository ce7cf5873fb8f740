using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Can.Engine.Images.Oci;
using Can.Engine.Storage.Content;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>The errors that a registry can be the cause of.</summary>
internal static class RegistryError
{
    private const int LongestText = 400;
    private const int LongestBody = 64 << 10;

    /// <summary>It could not be connected to, or the connection broke for good.</summary>
    public static CanException Unreachable(RegistryHost host, Exception cause) => new(
        "RegistryUnreachable",
        CanErrorCategory.ResourceUnavailable,
        $"The registry {host} cannot be reached: {Innermost(cause)} Check its name, the network, and whether it runs.",
        host.Name,
        cause);

    /// <summary>There is no TLS, or none that can be trusted.</summary>
    /// <param name="host">The registry.</param>
    /// <param name="why">What is wrong with its certificate, as a sentence; null if it was not even shown.</param>
    /// <param name="cause">The failed handshake.</param>
    public static CanException Tls(RegistryHost host, string? why, Exception cause) => new(
        "TlsFailed",
        CanErrorCategory.PermissionDenied,
        why is null
            ? $"No TLS connection to the registry {host} could be made: {Innermost(cause)} If it speaks plain HTTP only, -AllowInsecure allows that."
            : $"The registry {host} is not trusted: {why} Put its authority's certificate into {RegistryCertificates.OwnDirectory}/{host}/ca.crt, or give -AllowInsecure if everybody on the network can be trusted.",
        host.Name,
        cause);

    /// <summary>It does not know the user, or the user may not do this.</summary>
    /// <param name="host">The registry.</param>
    /// <param name="what">What was wanted, such as <c>pull team/app</c>.</param>
    /// <param name="credential">Who asked; null for nobody in particular.</param>
    /// <param name="text">What the registry says.</param>
    /// <param name="note">Why there are no credentials, if that is known.</param>
    public static CanException Unauthorized(RegistryHost host, string what, RegistryCredential? credential, string text, string? note)
    {
        var who = credential is null ? "without a user" : credential.UserName.Length > 0 ? $"as '{credential.UserName}'" : "with an identity token";
        return new CanException(
            "RegistryUnauthorized",
            CanErrorCategory.PermissionDenied,
            $"The registry {host} refuses to {what} {who}{Quoted(text)}. {note ?? $"Log in with Connect-CanRegistry {host}, give -Credential, or check the name: some registries say the same of what does not exist."}",
            host.Name);
    }

    /// <summary>There is no such manifest.</summary>
    public static CanException ManifestUnknown(ImageReference reference, string text) => new(
        "ManifestUnknown",
        CanErrorCategory.ObjectNotFound,
        $"The registry {reference.Registry} has no image '{reference}'{Quoted(text)}. Check the name and the tag.",
        reference.ToString());

    /// <summary>A manifest names a blob that is not there.</summary>
    public static CanException BlobUnknown(RegistryHost host, string repository, Digest digest) => new(
        "BlobUnknown",
        CanErrorCategory.ObjectNotFound,
        $"The registry {host} has no blob {digest} in '{repository}', although a manifest there names it. The image has to be pushed anew.",
        digest.ToString());

    /// <summary>It wants to be left alone for longer than is waited.</summary>
    public static CanException TooManyRequests(RegistryHost host, TimeSpan? wait, string text) => new(
        "RegistryTooManyRequests",
        CanErrorCategory.ResourceUnavailable,
        $"The registry {host} answers no more requests for now{Quoted(text)}. Try again {(wait is { } span ? $"in {Math.Ceiling(span.TotalSeconds):0} seconds" : "later")}; many registries allow more to users who are logged in (Connect-CanRegistry).",
        host.Name);

    /// <summary>It failed, or does not keep to the protocol.</summary>
    public static CanException Failed(RegistryHost host, string what, Exception? cause = null) => new(
        "RegistryError",
        CanErrorCategory.InvalidData,
        $"The registry {host} {what}. Try again; if it stays so, ask whoever runs it.",
        host.Name,
        cause);

    /// <summary>Something is not what its digest says.</summary>
    public static CanException DigestMismatch(RegistryHost host, string what) => new(
        "DigestMismatch",
        CanErrorCategory.InvalidData,
        $"The registry {host} sent {what}. Nothing of it was kept; the registry or something in between is broken, or not to be trusted.",
        host.Name);

    /// <summary>A blob does not end at its size.</summary>
    public static CanException SizeMismatch(RegistryHost host, OciDescriptor blob, long size) => new(
        "SizeMismatch",
        CanErrorCategory.InvalidData,
        $"The registry {host} sends {size:N0} bytes for {blob.Digest}, which should have {blob.Size:N0}. Nothing of it was kept; the registry or something in between is broken, or not to be trusted.",
        blob.Digest.ToString());

    /// <summary>A blob ends before its size.</summary>
    public static CanException BlobTruncated(RegistryHost host, Digest digest, long had, long size, Exception? cause) => new(
        "BlobTruncated",
        CanErrorCategory.InvalidData,
        $"The registry {host} sent only {had:N0} of the {size:N0} bytes of {digest}{(cause is null ? "" : $": {Innermost(cause).TrimEnd('.')}")}. Try again: what has come is kept, and the rest is asked for.",
        digest.ToString(),
        cause);

    /// <summary>A manifest or configuration is larger than one may be.</summary>
    public static CanException TooLarge(RegistryHost host, string what, long limit) => new(
        "ManifestTooLarge",
        CanErrorCategory.InvalidData,
        $"The registry {host} sent {what} of more than the {limit >> 20} MB that one may have.",
        host.Name);

    /// <summary>What a registry says about its failure, for people: its JSON's messages, else the beginning of whatever it is.</summary>
    public static async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            var body = await BodyReader.ReadAsync(response, LongestBody, cancellation).ConfigureAwait(false);
            return body is null or [] ? "" : Clean(FromJson(body) ?? Encoding.UTF8.GetString(body));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return "";
        }
    }

    /// <summary>A status as people read it: <c>503 Service Unavailable</c>.</summary>
    public static string Status(HttpResponseMessage response) =>
        $"{(int)response.StatusCode} {Clean(response.ReasonPhrase ?? "")}".TrimEnd();

    /// <summary>A text in brackets with a colon before it, or nothing.</summary>
    public static string Quoted(string text) => text.Length == 0 ? "" : $" (it says: {text})";

    private static string? FromJson(byte[] body)
    {
        try
        {
            var parsed = JsonSerializer.Deserialize(body, RegistryJson.Default.ErrorResponse);
            return parsed?.Errors is { Count: > 0 } errors
                ? string.Join("; ", errors.Select(static error => $"{error.Code}: {error.Message}".Trim(' ', ':')))
                : parsed?.Details;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A terminal must not take orders from a registry, nor be flooded by one.</summary>
    public static string Clean(string text)
    {
        var line = string.Join(' ', new string([.. text.Select(static letter => char.IsControl(letter) ? ' ' : letter)]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return (line.Length > LongestText ? string.Concat(line.AsSpan(0, LongestText), "...") : line).TrimEnd('.');
    }

    private static string Innermost(Exception exception)
    {
        // The outer ones say the same in more words, but for an authentication's, whose inner one is a number.
        var innermost = exception;
        while (innermost.InnerException is { } inner && innermost is not AuthenticationException)
        {
            innermost = inner;
        }

        return Clean(innermost.Message) + ".";
    }
}
