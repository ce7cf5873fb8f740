using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Can.Engine.Tests.Registries;

/// <summary>What was asked of a <see cref="WildRegistry"/>.</summary>
internal sealed record WildRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Path => Target.Split('?')[0];

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>First byte that is wanted; 0 without a Range.</summary>
    public int From => Header("Range") is { } range ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
}

/// <summary>What it answers.</summary>
internal sealed record WildAnswer(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    public WildAnswer(int status, string body = "", params (string Name, string Value)[] headers)
        : this(status, Encoding.UTF8.GetBytes(body), headers)
    {
    }

    /// <summary>Bytes of the body after which the connection is cut.</summary>
    public int? CutAfter { get; init; }

    /// <summary>A Content-Length other than the body's.</summary>
    public long? StatedLength { get; init; }

    /// <summary>Is waited for before the rest of the body is sent.</summary>
    public (int After, Task Until)? Pause { get; init; }
}

/// <summary>
/// An HTTP server on loopback that does what a good registry never does. It serves the blobs and manifests it was given, with ranges,
/// unless <see cref="Misbehave"/> has an answer of its own.
/// </summary>
internal sealed class WildRegistry : IDisposable
{
    /// <summary>First byte of a TLS record with a handshake (RFC 8446 section 5.1), which a server without TLS answers as Go's do.</summary>
    private const byte TlsHandshake = 22;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<WildRequest> requests = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task serving;

    public WildRegistry()
    {
        listener.Start();
        serving = Task.Run(ServeAsync);
    }

    /// <summary>Host and port.</summary>
    public string Name => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>What is at a path: a body, and its media type.</summary>
    public ConcurrentDictionary<string, (byte[] Body, string Type)> Content { get; } = new();

    /// <summary>An answer of its own to a request, told how often that was made before; null for the usual one.</summary>
    public Func<WildRequest, int, WildAnswer?> Misbehave { get; set; } = static (_, _) => null;

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<WildRequest> Requests => [.. requests];

    public int Count(string method, string path) => requests.Count(request => request.Method == method && request.Path == path);

    public void Dispose()
    {
        stopping.Cancel();
        listener.Stop();
        serving.GetAwaiter().GetResult();
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptTcpClientAsync(stopping.Token);
                connections.Add(Task.Run(() => ServeAsync(socket)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient socket)
    {
        using (socket)
        {
            try
            {
                var stream = socket.GetStream();
                if (await ReadAsync(stream) is { } request)
                {
                    var before = Count(request.Method, request.Path);
                    requests.Enqueue(request);
                    await WriteAsync(stream, request, Misbehave(request, before) ?? Answer(request));
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The other side has gone away, as it may.
            }
        }
    }

    private WildAnswer Answer(WildRequest request)
    {
        if (request.Path == "/v2/")
        {
            return new WildAnswer(200, "{}");
        }

        if (!Content.TryGetValue(request.Path, out var found))
        {
            return new WildAnswer(404, """{"errors":[{"code":"NAME_UNKNOWN","message":"there is no such thing"}]}""");
        }

        var from = request.From;
        return from == 0 ? new WildAnswer(200, found.Body, ("Content-Type", found.Type))
            : from >= found.Body.Length ? new WildAnswer(416)
            : new WildAnswer(206, found.Body[from..], ("Content-Range", $"bytes {from}-{found.Body.Length - 1}/{found.Body.Length}"));
    }

    private async Task<WildRequest?> ReadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var single = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(single, stopping.Token) == 0)
            {
                return null;
            }

            if (head.Length == 0 && single[0] == TlsHandshake)
            {
                await stream.WriteAsync("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"u8.ToArray(), stopping.Token);
                return null;
            }

            head.Append((char)single[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(static line => line.Split(": ", 2)).ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, stopping.Token);
        var words = lines[0].Split(' ');
        return new WildRequest(words[0], words[1], headers, body);
    }

    private async Task WriteAsync(NetworkStream stream, WildRequest request, WildAnswer answer)
    {
        var head = new StringBuilder($"HTTP/1.1 {answer.Status} Whatever\r\nConnection: close\r\nContent-Length: {answer.StatedLength ?? answer.Body.Length}\r\n");
        foreach (var (name, value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), stopping.Token);
        if (request.Method != "HEAD")
        {
            var body = answer.Body.AsMemory(0, answer.CutAfter ?? answer.Body.Length);
            var first = answer.Pause?.After ?? 0;
            await stream.WriteAsync(body[..first], stopping.Token);
            await (answer.Pause?.Until ?? Task.CompletedTask).WaitAsync(stopping.Token);
            await stream.WriteAsync(body[first..], stopping.Token);
        }
    }
}
