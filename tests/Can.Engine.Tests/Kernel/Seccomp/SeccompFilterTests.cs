using System.Runtime.InteropServices;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Seccomp;

namespace Can.Engine.Tests.Kernel.Seccomp;

/// <summary>Filters as the real kernel loads and obeys them.</summary>
public sealed class SeccompFilterTests : IDisposable
{
    private const int EPERM = 1;
    private const int EINVAL = 22;
    private const int ENOSYS = 38;

    // The same on every architecture.
    private const long Clone3 = 435;
    private const long IoUringSetup = 425;
    private const long PidfdOpen = 434;
    private const long Fchmodat2 = 452;
    private const long LsmListModules = 461;

    private readonly TemporaryDirectory directory = new();

    private CanRoot Root => CanRoot.At(directory.Path);

    private byte[] Filter => SeccompFilter.Default(Root, Capabilities.Default);

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private static long Unshare => IsArm ? 97 : 272;

    private static long Socket => IsArm ? 198 : 41;

    private static long Personality => IsArm ? 92 : 135;

    private static long Keyctl => IsArm ? 219 : 250;

    private static long GetPid => IsArm ? 172 : 39;

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Everyday_calls_pass_and_those_that_reach_out_are_refused()
    {
        var results = FilteredThread.Call(Filter, (GetPid, 0, 0), (PidfdOpen, 0, 0), (Unshare, 0, 0), (Keyctl, 0, 0), (IoUringSetup, 0, 0), (Clone3, 0, 0));

        Assert.Equal([0, EINVAL, EPERM, EPERM, EPERM, ENOSYS], results);
    }

    [Fact]
    public void Sockets_are_of_the_allowed_families()
    {
        const int unix = 1, inet = 2, decnet = 12, alg = 38, vsock = 40, ninetyNine = 99, datagram = 2;
        var results = FilteredThread.Call(
            Filter, (Socket, unix, -1), (Socket, inet, -1), (Socket, decnet, datagram), (Socket, alg, datagram), (Socket, vsock, datagram), (Socket, ninetyNine, datagram));

        Assert.DoesNotContain(EPERM, results[..2]);
        Assert.All(results[2..], result => Assert.Equal(EPERM, result));
    }

    [Fact]
    public void Personalities_are_the_harmless_ones() =>
        Assert.Equal([0, EPERM], FilteredThread.Call(Filter, (Personality, 0xFFFFFFFF, 0), (Personality, 0x0040000, 0)));

    [Fact]
    public void Calls_newer_than_the_library_are_decided_and_unknown_ones_do_not_exist()
    {
        var unfiltered = FilteredThread.Call(SeccompFilter.Default(Root, ulong.MaxValue), (Fchmodat2, -1, 0))[0];
        var results = FilteredThread.Call(Filter, (Fchmodat2, -1, 0), (LsmListModules, 0, 0), (2000, 0, 0));

        Assert.NotEqual(EPERM, unfiltered);
        Assert.Equal([unfiltered, EPERM, ENOSYS], results);
    }

    [Fact]
    public void A_capability_opens_its_calls()
    {
        var filter = SeccompFilter.Default(Root, Capabilities.Default | Capabilities.Parse("SYS_ADMIN"));
        var results = FilteredThread.Call(filter, (Unshare, 0, 0), (Clone3, 0, 0), (LsmListModules, 0, 0), (Keyctl, 0, 0));

        Assert.Equal([0, EINVAL], results[..2]);
        Assert.NotEqual(EPERM, results[2]);
        Assert.Equal(EPERM, results[3]);
    }

    [Fact]
    public void A_filter_is_kept_privately_and_found_again()
    {
        var filter = Filter;
        var path = SeccompFilter.CachePath(Root, Capabilities.Default & DefaultProfile.RelevantCapabilities);

        Assert.Equal(filter, File.ReadAllBytes(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Same(filter, Filter);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(32)]
    public void What_cannot_be_a_filter_is_not_believed(int length)
    {
        var path = SeccompFilter.CachePath(Root, Capabilities.Default & DefaultProfile.RelevantCapabilities);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[length]);

        Assert.True(Filter.Length > 1000);
        Assert.Equal(Filter, File.ReadAllBytes(path));
    }

    [Fact]
    public void Containers_whose_capabilities_make_no_difference_share_a_filter() =>
        Assert.Same(Filter, SeccompFilter.Default(Root, Capabilities.Default & ~Capabilities.Parse("CHOWN")));

    [Fact]
    public void A_kept_filter_is_taken_as_it_is()
    {
        var kept = Filter.AsSpan().ToArray().Concat(new byte[8]).ToArray();
        var path = SeccompFilter.CachePath(Root, Capabilities.Parse("SYS_BOOT"));
        File.WriteAllBytes(path, kept);

        Assert.Equal(kept, SeccompFilter.Default(Root, Capabilities.Parse("SYS_BOOT")));
    }
}
