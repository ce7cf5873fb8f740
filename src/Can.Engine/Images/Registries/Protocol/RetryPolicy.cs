using System.Net;

namespace Can.Engine.Images.Registries.Protocol;

/// <summary>How often and how patiently something is tried again that failed for a reason which may pass.</summary>
internal sealed record RetryPolicy
{
    /// <summary>How often something is tried in all.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>The pause before the second attempt; each further one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>No pause is longer, whatever the registry asks for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a status is one that may pass: too many requests, or a server in trouble.</summary>
    public static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>Whether a failure to get any answer may pass. A name that cannot be resolved and a certificate that is not good stay so.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        HttpRequestException failure => failure.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError),
        IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The pause before the next attempt; null if there is to be none.</summary>
    /// <param name="failed">How many attempts have failed.</param>
    /// <param name="wanted">What the registry asks for (Retry-After).</param>
    public TimeSpan? Pause(int failed, TimeSpan? wanted = null)
    {
        if (failed >= Attempts || wanted > LongestPause)
        {
            return null;
        }

        // Jitter: those that failed together are not to come back together.
        var pause = FirstPause * Math.Pow(2, failed - 1) * (0.5 + Random.Shared.NextDouble());
        return wanted is { } least && least > pause ? least : pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>What an answer's Retry-After asks for, in seconds or as a date.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow is var span && span > TimeSpan.Zero ? span : TimeSpan.Zero,
        _ => null,
    };
}
