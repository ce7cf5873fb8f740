using System.Net.Http.Headers;
using System.Text;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>What a registry says about how to authenticate: one challenge of a WWW-Authenticate header.</summary>
/// <remarks>RFC 9110 section 11.6.1; https://distribution.github.io/distribution/spec/auth/token/</remarks>
internal sealed record AuthChallenge
{
    /// <summary>Whether it wants a bearer token; basic authentication otherwise.</summary>
    public required bool IsBearer { get; init; }

    /// <summary>Where tokens are given out.</summary>
    public string? Realm { get; init; }

    /// <summary>Name of the registry at its token server.</summary>
    public string? Service { get; init; }

    /// <summary>The right that is missing.</summary>
    public string? Scope { get; init; }

    /// <summary>The challenge that is to be answered: a bearer token before basic authentication; null if there is none of both.</summary>
    public static AuthChallenge? From(HttpResponseMessage response)
    {
        var challenges = response.Headers.WwwAuthenticate;
        var bearer = challenges.FirstOrDefault(static challenge => Is(challenge, "Bearer"));
        if (bearer is not null && Parameters(bearer.Parameter ?? "") is var parameters && parameters.TryGetValue("realm", out var realm))
        {
            return new AuthChallenge { IsBearer = true, Realm = realm, Service = parameters.GetValueOrDefault("service"), Scope = parameters.GetValueOrDefault("scope") };
        }

        return challenges.Any(static challenge => Is(challenge, "Basic")) ? new AuthChallenge { IsBearer = false } : null;
    }

    /// <summary>Takes <c>name=value, name="value"</c> apart. What breaks the rules ends it; what came before counts.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var position = 0; position < text.Length;)
        {
            var equals = text.IndexOf('=', position);
            if (equals < 0)
            {
                break;
            }

            var name = text[position..equals].Trim(' ', '\t', ',');
            position = equals + 1;
            parameters[name] = Value(text, ref position);
        }

        return parameters;
    }

    private static bool Is(AuthenticationHeaderValue challenge, string scheme) => challenge.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    private static string Value(string text, ref int position)
    {
        while (position < text.Length && text[position] is ' ' or '\t')
        {
            position++;
        }

        if (position == text.Length || text[position] != '"')
        {
            var comma = text.IndexOf(',', position);
            var end = comma < 0 ? text.Length : comma;
            var token = text[position..end].Trim();
            position = end;
            return token;
        }

        var value = new StringBuilder();
        for (position++; position < text.Length && text[position] != '"'; position++)
        {
            if (text[position] == '\\' && position + 1 < text.Length)
            {
                position++;
            }

            value.Append(text[position]);
        }

        position++;
        return value.ToString();
    }
}
