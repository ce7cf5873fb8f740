namespace Can.Engine.Images.Registries.Protocol;

/// <summary>Reads the whole of a small answer.</summary>
internal static class BodyReader
{
    /// <summary>The body; null if it is longer than allowed.</summary>
    public static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > limit)
        {
            return null;
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new MemoryStream();
            var block = new byte[16 << 10];
            while (await stream.ReadAsync(block, cancellation).ConfigureAwait(false) is > 0 and var count)
            {
                buffer.Write(block, 0, count);
                if (buffer.Length > limit)
                {
                    return null;
                }
            }

            return buffer.ToArray();
        }
    }
}
