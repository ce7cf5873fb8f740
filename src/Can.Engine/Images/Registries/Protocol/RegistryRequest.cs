using System.Net.Http.Headers;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>A request to a registry; sent anew for each attempt.</summary>
/// <param name="Method">GET, HEAD, POST, PATCH or PUT.</param>
/// <param name="Target">Path below the registry, or an address that it gave.</param>
/// <param name="Scope">Rights that it needs, for the token server.</param>
internal sealed record RegistryRequest(HttpMethod Method, string Target, string Scope)
{
    /// <summary>How long the answer to a small request may take to begin.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(1);

    /// <summary>Media types that are understood.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>First byte that is wanted.</summary>
    public long From { get; init; }

    /// <summary>Makes what is sent.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>How long the answer may take to begin; what is sent has to be through by then.</summary>
    public TimeSpan Patience { get; init; } = UsualPatience;

    /// <summary>Whether it may be sent again by itself; otherwise whoever made it begins anew with what came before it.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>The message for one attempt.</summary>
    /// <param name="origin">Scheme, host and port of the registry.</param>
    /// <param name="authorization">Goes to the registry itself only.</param>
    public HttpRequestMessage Message(Uri origin, AuthenticationHeaderValue? authorization)
    {
        var target = new Uri(origin, Target);
        var message = new HttpRequestMessage(Method, target) { Content = Content?.Invoke() };
        foreach (var type in Accept)
        {
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        if (From > 0)
        {
            message.Headers.Range = new RangeHeaderValue(From, null);
        }

        if (RegistryTransport.IsSameHost(origin, target))
        {
            message.Headers.Authorization = authorization;
        }

        return message;
    }
}
