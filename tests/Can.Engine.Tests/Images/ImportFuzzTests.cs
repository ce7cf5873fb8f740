using System.Globalization;
using Xunit.Abstractions;

namespace Can.Engine.Tests.Images;

/// <summary>
/// Archives that chance has damaged. Each import ends in images or in an error that says what is wrong with the archive; nothing lands
/// beside the store, and the store is whole. <c>CAN_FUZZ_MUTATIONS</c> sets how many are tried, <c>CAN_FUZZ_SEED</c> the first seed; a
/// failure names the seed of the one that failed.
/// </summary>
public sealed class ImportFuzzTests : IDisposable
{
    private const string Canary = "the canary lives";

    private static readonly string[] Expected =
    [
        "ImageCorrupt", "ImageUnsafePath", "ImageFormatUnknown", "DigestMismatch", "DiffIdMismatch", "SizeMismatch", "BlobTruncated", "PlatformNotFound", "ImageTooLarge",
    ];

    private readonly ImageRoot root = new();
    private readonly ITestOutputHelper output;

    public ImportFuzzTests(ITestOutputHelper output)
    {
        this.output = output;

        // In memory, so that thousands of imports do not wait for a disk.
        root.Directory.Shell("mkdir can beside; mount -t tmpfs -o size=256m tmpfs can");
        File.WriteAllText(root.Directory["beside/canary"], Canary);
    }

    public void Dispose()
    {
        root.Directory.Shell("umount can");
        root.Dispose();
    }

    [Fact]
    public void Whatever_is_damaged_ends_in_images_or_in_a_clear_error()
    {
        var count = Number("CAN_FUZZ_MUTATIONS", 2_000);
        var first = Number("CAN_FUZZ_SEED", 1);
        var images = 0;
        output.WriteLine($"seeds {first} to {first + count - 1}");
        var mutations = new ArchiveMutations(root);
        for (var seed = first; seed < first + count; seed++)
        {
            images += Try(mutations, seed) ? 1 : 0;
        }

        // Neither everything nor nothing may get through, else the mutations test nothing.
        output.WriteLine($"{images} of {count} were imported");
        Assert.InRange(images, 1, count - 1);
        Assert.Equal(Canary, File.ReadAllText(root.Directory["beside/canary"]));
        Assert.Single(Directory.GetFileSystemEntries(root.Directory["beside"]));
    }

    private bool Try(ArchiveMutations mutations, int seed)
    {
        var what = "";
        try
        {
            what = mutations.Make(new Random(seed), out var bytes);
            Import(bytes, piped: seed % 2 == 0);
            var problems = root.Engine.Storage.Check(deep: false, null, CancellationToken.None);
            Assert.Empty(problems);
            foreach (var image in root.Engine.Images.List())
            {
                root.Engine.Images.Remove(image.Id, force: true);
            }

            root.AssertEmpty();
            return true;
        }
        catch (CanException error) when (Expected.Contains(error.ErrorId))
        {
            root.AssertEmpty();
            return false;
        }
        catch (Exception exception)
        {
            File.Copy(root.Directory["mutated"], $"/tmp/can-fuzz-{seed}", overwrite: true);
            throw new InvalidOperationException($"Seed {seed} ({what}): {exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    private void Import(byte[] bytes, bool piped)
    {
        File.WriteAllBytes(root.Directory["mutated"], bytes);
        if (piped)
        {
            _ = root.Engine.Images.Import(new MemoryStream(bytes), new() { MaximumSize = 64 << 20 }, null, CancellationToken.None);
        }
        else
        {
            _ = root.Engine.Images.Import(root.Directory["mutated"], new() { MaximumSize = 64 << 20 }, null, CancellationToken.None);
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
