using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>
/// Answers a registry's challenges: with user and password, or with bearer tokens that its token server gives for them (or for an
/// identity token, or for nobody), one for each scope.
/// </summary>
/// <remarks>https://distribution.github.io/distribution/spec/auth/token/ (GET), .../auth/oauth/ (POST). The token server may be on
/// any host, as with every other client, but has to speak TLS if the registry does.</remarks>
internal sealed class RegistryAuthenticator(RegistryHost host, RegistryOptions options, Func<Func<HttpRequestMessage>, CancellationToken, Task<HttpResponseMessage>> send) : IDisposable
{
    private const int LargestTokenResponse = 1 << 20;

    /// <summary>What the specification has for tokens that do not say how long they last; some servers say less, which none enforces.</summary>
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(60);

    /// <summary>A token that ends within this is not begun with.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<string, Token> tokens = new(StringComparer.Ordinal);
    private AuthChallenge? challenge;

    /// <summary>Who is asking; null for nobody.</summary>
    public RegistryCredential? Credential => options.Credential;

    /// <summary>The header for a request; null if none is wanted, or nothing is known that could be in it.</summary>
    /// <param name="scope">Rights that the request needs, such as <c>repository:team/app:pull</c>, with spaces between several.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<AuthenticationHeaderValue?> HeaderAsync(string scope, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return challenge switch
            {
                null => null,
                { IsBearer: true } => new AuthenticationHeaderValue("Bearer", await TokenAsync(challenge, scope, cancellation).ConfigureAwait(false)),
                _ => Basic(),
            };
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Takes note of how the registry refused a request.</summary>
    /// <param name="response">Its answer, with status 401.</param>
    /// <param name="scope">Rights that the request needs.</param>
    /// <param name="used">The header with which it was refused.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether another attempt may do better.</returns>
    public async Task<bool> AcceptAsync(HttpResponseMessage response, string scope, AuthenticationHeaderValue? used, CancellationToken cancellation)
    {
        if (AuthChallenge.From(response) is not { } now)
        {
            return false;
        }

        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            challenge = now;
            if (now.IsBearer)
            {
                // Another thread may have renewed it since.
                if (tokens.TryGetValue(scope, out var token) && token.Text == used?.Parameter)
                {
                    tokens.Remove(scope);
                }

                return true;
            }

            return used?.Scheme != "Basic" && Basic() is not null;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private AuthenticationHeaderValue? Basic() => Credential is { Password.Length: > 0 } user
        ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user.UserName}:{user.Password}")))
        : null;

    private async Task<string> TokenAsync(AuthChallenge wanted, string scope, CancellationToken cancellation)
    {
        if (!tokens.TryGetValue(scope, out var token) || token.HasEnded)
        {
            token = await FetchAsync(wanted, [.. scope.Split(' ').Append(wanted.Scope ?? "").Where(static one => one.Length > 0).Distinct()], cancellation).ConfigureAwait(false);
            tokens[scope] = token;
        }

        return token.Text;
    }

    private async Task<Token> FetchAsync(AuthChallenge wanted, IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        var realm = Realm(wanted);
        using var response = Credential?.IdentityToken is { } identity
            ? await send(() => ByIdentity(realm, wanted, scopes, identity), cancellation).ConfigureAwait(false)
            : await send(() => ByPassword(realm, wanted, scopes), cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            var text = await RegistryError.TextAsync(response, cancellation).ConfigureAwait(false);
            throw response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest or HttpStatusCode.NotFound
                ? RegistryError.Unauthorized(host, $"give a token for {Wanted(scopes)}", Credential, text, null)
                : RegistryError.Failed(host, $"has a token server that answered {RegistryError.Status(response)}{RegistryError.Quoted(text)}");
        }

        return await ReadAsync(response, cancellation).ConfigureAwait(false);
    }

    private Uri Realm(AuthChallenge wanted)
    {
        if (!Uri.TryCreate(wanted.Realm, UriKind.Absolute, out var realm) || (realm.Scheme != Uri.UriSchemeHttps && realm.Scheme != Uri.UriSchemeHttp))
        {
            throw RegistryError.Failed(host, $"names '{wanted.Realm}' as its token server, which is not a URL");
        }

        return realm.Scheme == Uri.UriSchemeHttps || options.AllowInsecure
            ? realm
            : throw RegistryError.Failed(host, $"names a token server without TLS ({realm.Authority}), to which no password is sent unless -AllowInsecure is given");
    }

    private HttpRequestMessage ByPassword(Uri realm, AuthChallenge wanted, IReadOnlyList<string> scopes)
    {
        var query = new List<string>();
        Add(query, "service", wanted.Service);
        foreach (var scope in scopes)
        {
            Add(query, "scope", scope);
        }

        var header = Basic();
        Add(query, "account", header is null ? null : Credential?.UserName);
        var target = new UriBuilder(realm);
        target.Query = string.Join('&', query.Prepend(target.Query.TrimStart('?')).Where(static part => part.Length > 0));
        return new HttpRequestMessage(HttpMethod.Get, target.Uri) { Headers = { Authorization = header } };
    }

    private static HttpRequestMessage ByIdentity(Uri realm, AuthChallenge wanted, IReadOnlyList<string> scopes, string identity) =>
        new(HttpMethod.Post, realm)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "refresh_token"),
                new("service", wanted.Service ?? ""),
                new("client_id", "can"),
                new("scope", string.Join(' ', scopes)),
                new("refresh_token", identity),
            ]),
        };

    private static void Add(List<string> query, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            query.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }

    private async Task<Token> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            var body = await BodyReader.ReadAsync(response, LargestTokenResponse, cancellation).ConfigureAwait(false);
            var parsed = body is null ? null : JsonSerializer.Deserialize(body, RegistryJson.Default.TokenResponse);
            var text = string.IsNullOrEmpty(parsed?.Token) ? parsed?.AccessToken : parsed.Token;
            if (!string.IsNullOrEmpty(text) && !text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                var life = TimeSpan.FromSeconds(parsed!.ExpiresIn ?? 0);
                return new Token(text, Stopwatch.GetTimestamp(), life > ShortestLife ? life : ShortestLife);
            }
        }
        catch (JsonException exception)
        {
            throw RegistryError.Failed(host, "has a token server whose answer cannot be understood", exception);
        }

        throw RegistryError.Failed(host, "has a token server that gave no token");
    }

    private static string Wanted(IReadOnlyList<string> scopes) => scopes.Count == 0 ? "logging in" : string.Join(' ', scopes);

    private sealed record Token(string Text, long Begun, TimeSpan Life)
    {
        public bool HasEnded => Stopwatch.GetElapsedTime(Begun) > Life - Reserve;
    }
}
