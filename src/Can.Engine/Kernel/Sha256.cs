using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Can.Engine.Kernel;

/// <summary>
/// SHA-256 of small texts (names, manifests). The framework's own asks OpenSSL, and loading that takes a process that lives for
/// milliseconds longer than all else it does; long inputs go there all the same, for it is several times faster once it is loaded.
/// </summary>
/// <remarks>FIPS 180-4, sections 4.1.2, 5.1.1, 5.3.3 and 6.2.2</remarks>
internal static class Sha256
{
    /// <summary>Bytes of a digest.</summary>
    public const int Length = 32;

    private const int BlockLength = 64;
    private const int LengthFieldLength = 8;
    private const int LongestSmall = 16 * 1024;

    private static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private static ReadOnlySpan<uint> Initial =>
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    /// <summary>The digest of some bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> data) => data.Length > LongestSmall ? SHA256.HashData(data) : OfSmall(data);

    private static byte[] OfSmall(ReadOnlySpan<byte> data)
    {
        Span<uint> state = stackalloc uint[Initial.Length];
        Initial.CopyTo(state);
        var whole = data.Length / BlockLength * BlockLength;
        for (var at = 0; at < whole; at += BlockLength)
        {
            Take(state, data.Slice(at, BlockLength));
        }

        // The rest, a one bit, zeros, and the length in bits; that may need two blocks.
        Span<byte> last = stackalloc byte[2 * BlockLength];
        last.Clear();
        var rest = data[whole..];
        rest.CopyTo(last);
        last[rest.Length] = 0x80;
        last = last[..(rest.Length + 1 + LengthFieldLength <= BlockLength ? BlockLength : 2 * BlockLength)];
        BinaryPrimitives.WriteUInt64BigEndian(last[^LengthFieldLength..], (ulong)data.Length * 8);
        for (var at = 0; at < last.Length; at += BlockLength)
        {
            Take(state, last.Slice(at, BlockLength));
        }

        var digest = new byte[Length];
        for (var word = 0; word < state.Length; word++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(word * sizeof(uint)), state[word]);
        }

        return digest;
    }

    private static void Take(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> schedule = stackalloc uint[Constants.Length];
        for (var t = 0; t < schedule.Length; t++)
        {
            schedule[t] = t < 16 ? BinaryPrimitives.ReadUInt32BigEndian(block[(t * sizeof(uint))..]) : schedule[t - 16] + schedule[t - 7]
                + (BitOperations.RotateRight(schedule[t - 15], 7) ^ BitOperations.RotateRight(schedule[t - 15], 18) ^ (schedule[t - 15] >> 3))
                + (BitOperations.RotateRight(schedule[t - 2], 17) ^ BitOperations.RotateRight(schedule[t - 2], 19) ^ (schedule[t - 2] >> 10));
        }

        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
        for (var t = 0; t < schedule.Length; t++)
        {
            var first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
                + ((e & f) ^ (~e & g)) + Constants[t] + schedule[t];
            var second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22))
                + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }
}
