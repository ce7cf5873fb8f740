using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>Speaks the OCI distribution protocol, version 2, with one registry. Its members may be used by several threads at once.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/main/spec.md</remarks>
internal sealed partial class RegistryClient : IDisposable
{
    private readonly RegistryHost host;
    private readonly RegistryOptions options;
    private readonly RegistryAuthenticator authenticator;
    private readonly RegistryCertificates certificates;
    private readonly RegistryTransport transport;
    private Uri origin;

    private RegistryClient(RegistryHost host, RegistryOptions options, RegistrySettings settings)
    {
        this.host = host;
        this.options = options;
        Retry = settings.Retry;
        certificates = RegistryCertificates.Load(host, settings.CertificateDirectories, options.AllowInsecure);
        transport = new RegistryTransport(certificates, options.AllowInsecure);
        authenticator = new RegistryAuthenticator(host, options, SendToTokenServerAsync);
        origin = new Uri($"https://{host.Authority}/");
    }

    /// <summary>The registry.</summary>
    public RegistryHost Host => host;

    /// <summary>How patiently things are tried again.</summary>
    public RetryPolicy Retry { get; }

    /// <summary>Why there are no credentials, as sentences; null if that is not known.</summary>
    public string? CredentialNote { get; init; }

    /// <summary>Connects and finds out how the registry wants to be spoken to.</summary>
    /// <param name="host">The registry.</param>
    /// <param name="options">How; its credential is used as it is.</param>
    /// <param name="settings">Where certificates are, and how patient to be.</param>
    /// <param name="note">Why there is no credential, if that is known.</param>
    /// <param name="cancellation">Gives up at once.</param>
    /// <exception cref="CanException"><c>RegistryUnreachable</c>, <c>TlsFailed</c>, <c>RegistryError</c>, <c>CertificateInvalid</c></exception>
    public static async Task<RegistryClient> OpenAsync(
        RegistryHost host, RegistryOptions options, RegistrySettings settings, string? note, CancellationToken cancellation)
    {
        var client = new RegistryClient(host, options, settings) { CredentialNote = note };
        try
        {
            await client.PingAsync(cancellation).ConfigureAwait(false);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Asks for what only those may have whom the registry knows, if it asks anybody at all who they are.</summary>
    /// <exception cref="CanException"><c>RegistryUnauthorized</c> and the like.</exception>
    public async Task LogInAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(new RegistryRequest(HttpMethod.Get, "v2/", ""), cancellation).ConfigureAwait(false);
        await CheckAsync(response, "log in", cancellation).ConfigureAwait(false);
    }

    public void Dispose()
    {
        transport.Dispose();
        authenticator.Dispose();
    }

    /// <summary>Sends a request, answers a challenge once, and tries again what may succeed later.</summary>
    /// <returns>The last answer, whatever its status.</returns>
    private async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellation)
    {
        for (var failed = 1; ; failed++)
        {
            TimeSpan? pause;
            try
            {
                var response = await SendAuthorizedAsync(request, cancellation).ConfigureAwait(false);
                if (!request.IsRepeatable || !RetryPolicy.IsTransient(response.StatusCode))
                {
                    return response;
                }

                pause = Retry.Pause(failed, RetryPolicy.RetryAfter(response));
                if (pause is null)
                {
                    return response;
                }

                response.Dispose();
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
            {
                pause = request.IsRepeatable && RetryPolicy.IsTransient(exception) ? Retry.Pause(failed) : null;
                if (pause is null)
                {
                    throw NoAnswer(exception);
                }
            }

            await Task.Delay(pause.Value, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendAuthorizedAsync(RegistryRequest request, CancellationToken cancellation)
    {
        var header = await authenticator.HeaderAsync(request.Scope, cancellation).ConfigureAwait(false);
        var response = await SendOnceAsync(request, header, cancellation).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized
            || !RegistryTransport.IsSameHost(origin, response.RequestMessage!.RequestUri!)
            || !await authenticator.AcceptAsync(response, request.Scope, header, cancellation).ConfigureAwait(false))
        {
            return response;
        }

        response.Dispose();
        header = await authenticator.HeaderAsync(request.Scope, cancellation).ConfigureAwait(false);
        return await SendOnceAsync(request, header, cancellation).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendOnceAsync(RegistryRequest request, AuthenticationHeaderValue? header, CancellationToken cancellation) =>
        transport.SendAsync(request.Message(origin, header), request.Patience, cancellation);

    private Task<HttpResponseMessage> SendToTokenServerAsync(Func<HttpRequestMessage> make, CancellationToken cancellation) =>
        RepeatAsync(() => transport.SendAsync(make(), RegistryRequest.UsualPatience, cancellation), cancellation);

    /// <summary>Waits while the answer is one that may get better.</summary>
    private async Task<HttpResponseMessage> RepeatAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellation)
    {
        for (var failed = 1; ; failed++)
        {
            var response = await send().ConfigureAwait(false);
            if (!RetryPolicy.IsTransient(response.StatusCode) || Retry.Pause(failed, RetryPolicy.RetryAfter(response)) is not { } pause)
            {
                return response;
            }

            response.Dispose();
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }
    }

    private async Task PingAsync(CancellationToken cancellation)
    {
        try
        {
            await ProbeAsync(cancellation).ConfigureAwait(false);
        }
        catch (CanException exception) when (options.AllowInsecure && exception.ErrorId is "TlsFailed" or "RegistryUnreachable")
        {
            origin = new Uri($"http://{host.Authority}/");
            await ProbeAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task ProbeAsync(CancellationToken cancellation)
    {
        using var response = await FirstAnswerAsync(cancellation).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized:
                await authenticator.AcceptAsync(response, "", null, cancellation).ConfigureAwait(false);
                break;
            case HttpStatusCode.NotFound:
                throw RegistryError.Failed(host, "answers, but does not speak the registry protocol (it has no /v2/)");
            default:
                await CheckAsync(response, "be connected to", cancellation).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>No answer at all is not waited for: more often than not it is the name that is wrong.</summary>
    private async Task<HttpResponseMessage> FirstAnswerAsync(CancellationToken cancellation)
    {
        try
        {
            var request = new RegistryRequest(HttpMethod.Get, "v2/", "");
            return await RepeatAsync(() => SendOnceAsync(request, null, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
        {
            throw NoAnswer(exception);
        }
    }

    /// <summary>The error for a request that got no answer.</summary>
    private CanException NoAnswer(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or AuthenticationException => RegistryError.Tls(host, certificates.Failure, exception),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } => RegistryError.Failed(host, $"does not keep to the protocol: {exception.Message.TrimEnd('.')}", exception),
        _ => RegistryError.Unreachable(host, exception),
    };

    /// <summary>Throws the error of an answer that is none of those expected.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="what">What was wanted, such as <c>pull team/app</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    private async Task CheckAsync(HttpResponseMessage response, string what, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var text = await RegistryError.TextAsync(response, cancellation).ConfigureAwait(false);
        throw response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => RegistryError.Unauthorized(host, what, authenticator.Credential, text, authenticator.Credential is null ? CredentialNote : null),
            HttpStatusCode.TooManyRequests => RegistryError.TooManyRequests(host, RetryPolicy.RetryAfter(response), text),
            _ => RegistryError.Failed(host, $"answered {RegistryError.Status(response)} when asked to {what}{RegistryError.Quoted(text)}"),
        };
    }
}
