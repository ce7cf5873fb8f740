using System.Security.Cryptography;
using Can.Engine.Kernel;

namespace Can.Engine.Tests.Kernel;

/// <summary>The digest of small texts against the framework's.</summary>
public sealed class Sha256Tests
{
    [Fact]
    public void Every_length_around_the_blocks_has_the_right_digest()
    {
        var data = new byte[400];
        new Random(1).NextBytes(data);

        for (var length = 0; length <= data.Length; length++)
        {
            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), Sha256.Of(data.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    public void Long_ones_too(int length) => Assert.Equal(SHA256.HashData(new byte[length]), Sha256.Of(new byte[length]));

    [Fact]
    public void Random_numbers_differ_and_keep_to_their_limit()
    {
        Assert.Equal(64, Entropy.Hex(32).Length);
        Assert.NotEqual(Entropy.Hex(32), Entropy.Hex(32));
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 200).Select(static _ => Entropy.Below(3)).Distinct().Order());
    }
}
