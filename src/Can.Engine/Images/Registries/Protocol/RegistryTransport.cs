using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>
/// Sends single requests and follows redirects. Who may see the Authorization header is decided here: the host that a request was made
/// for, and nobody that it leads to.
/// </summary>
internal sealed class RegistryTransport : IDisposable
{
    private const int MostRedirects = 10;

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    private static readonly ProductInfoHeaderValue UserAgent =
        new("can", typeof(RegistryTransport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    private readonly bool allowInsecure;
    private readonly HttpMessageInvoker invoker;

    public RegistryTransport(RegistryCertificates certificates, bool allowInsecure)
    {
        this.allowInsecure = allowInsecure;
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectPatience,
            Proxy = new OutsideProxy(),
            SslOptions = certificates.Options,
            UseCookies = false,
        });
    }

    /// <summary>Sends a request; the answer's body is still to be read.</summary>
    /// <param name="request">The request. Its redirects are followed if it is a GET or HEAD.</param>
    /// <param name="patience">How long the answer may take to begin.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    /// <exception cref="TimeoutException">There is none yet.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            request.Headers.UserAgent.Add(UserAgent);
            for (var redirects = 0; ; redirects++)
            {
                var response = await invoker.SendAsync(request, limit.Token).ConfigureAwait(false);
                if (Target(request, response) is not { } target)
                {
                    return response;
                }

                response.Dispose();
                Permit(request.RequestUri!, target, redirects);
                request = Redirected(request, target);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"There was no answer within {patience.TotalSeconds:0} seconds.");
        }
    }

    public void Dispose() => invoker.Dispose();

    private static Uri? Target(HttpRequestMessage request, HttpResponseMessage response) =>
        (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head)
        && response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.Location is { } location
            ? new Uri(request.RequestUri!, location)
            : null;

    private static HttpRequestMessage Redirected(HttpRequestMessage request, Uri target)
    {
        var next = new HttpRequestMessage(request.Method, target);
        foreach (var (name, values) in request.Headers)
        {
            next.Headers.TryAddWithoutValidation(name, values);
        }

        if (!IsSameHost(request.RequestUri!, target))
        {
            next.Headers.Authorization = null;
        }

        return next;
    }

    /// <summary>Whether two addresses are the same scheme, host and port: what a secret for one may be told to.</summary>
    public static bool IsSameHost(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private void Permit(Uri from, Uri target, int redirects)
    {
        if (redirects == MostRedirects)
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"It redirects more than {MostRedirects} times.");
        }

        if (target.Scheme != Uri.UriSchemeHttps && !(target.Scheme == Uri.UriSchemeHttp && (allowInsecure || from.Scheme == Uri.UriSchemeHttp)))
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"It redirects to {target.GetLeftPart(UriPartial.Authority)}, which is not TLS.");
        }
    }

    /// <summary>The environment's proxy (http_proxy and its kin), but never to this machine itself, as in Go.</summary>
    private sealed class OutsideProxy : IWebProxy
    {
        public ICredentials? Credentials { get => HttpClient.DefaultProxy.Credentials; set => throw new NotSupportedException(); }

        public Uri? GetProxy(Uri destination) => HttpClient.DefaultProxy.GetProxy(destination);

        public bool IsBypassed(Uri host) => host.IsLoopback || HttpClient.DefaultProxy.IsBypassed(host);
    }
}
