using Can.Engine.Containers;
using Can.Engine.Kernel.Cgroups;
using Can.Engine.Kernel.Cgroups.Controllers;

namespace Can.Engine.Tests.Kernel.Cgroups;

public sealed class LimitTests
{
    private static readonly CanRoot Root = CanRoot.At("/nowhere/can");

    public static TheoryData<string, ResourceLimits> Refused => new()
    {
        { "LimitTooSmall", new() { MemoryBytes = (6 << 20) - 1 } },
        { "LimitTooSmall", new() { MemoryBytes = -1 } },
        { "SwapLimitInvalid", new() { MemoryBytes = 64 << 20, MemorySwapBytes = 63 << 20 } },
        { "SwapLimitInvalid", new() { MemoryBytes = 64 << 20, MemorySwapBytes = -2 } },
        { "SwapLimitInvalid", new() { MemorySwapBytes = 64 << 20 } },
        { "LimitTooSmall", new() { Cpus = 0.009 } },
        { "LimitTooSmall", new() { Cpus = 0 } },
        { "LimitTooSmall", new() { Cpus = double.NaN } },
        { "LimitTooLarge", new() { Cpus = 4.01 } },
        { "LimitTooSmall", new() { CpuShares = 1 } },
        { "LimitTooLarge", new() { CpuShares = 262145 } },
        { "CpuSetInvalid", new() { CpuSet = "one" } },
        { "CpuSetInvalid", new() { CpuSet = "1-" } },
        { "CpuSetInvalid", new() { CpuSet = "3-1" } },
        { "CpuSetInvalid", new() { CpuSet = "0,,1" } },
        { "CpuSetInvalid", new() { CpuSet = "0-99999999" } },
        { "CpuSetInvalid", new() { CpuSet = "+1" } },
        { "LimitTooSmall", new() { PidsLimit = 0 } },
        { "LimitTooSmall", new() { PidsLimit = -2 } },
        { "LimitTooSmall", new() { BlkioWeight = 9 } },
        { "LimitTooLarge", new() { BlkioWeight = 1001 } },
        { "DeviceNotBlock", new() { DeviceReadBps = [new("/dev/null", 1)] } },
        { "DeviceNotBlock", new() { DeviceWriteBps = [new("/nowhere/disk", 1)] } },
        { "LimitTooSmall", new() { DeviceReadBps = [new("/dev/null", 0)] } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_is_refused_on_every_layout(string errorId, ResourceLimits limits)
    {
        foreach (var layout in new[] { Layouts.V1, Layouts.V2, Layouts.Hybrid })
        {
            var error = Assert.Throws<CanException>(() => layout.Leaf(Root, "id", limits));
            Assert.Equal(errorId, error.ErrorId);
            Assert.Equal(CanErrorCategory.InvalidArgument, error.Category);
        }
    }

    [Fact]
    public void Processors_that_are_not_online_are_refused()
    {
        var error = Assert.Throws<CanException>(() => CgroupLayout.Read().Leaf(Root, "id", new() { CpuSet = "0,65535" }));

        Assert.Equal("CpuSetUnavailable", error.ErrorId);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(512, 59)]
    [InlineData(1024, 100)]
    [InlineData(2048, 174)]
    [InlineData(262144, 10000)]
    public void Shares_become_weight_by_the_curve_through_least_default_and_most(long shares, long weight) =>
        Assert.Equal(weight, CpuController.Weight(shares));

    [Theory]
    [InlineData(10, 1)]
    [InlineData(500, 4950)]
    [InlineData(1000, 10000)]
    public void Block_weights_keep_their_ends(int weight, long unified) => Assert.Equal(unified, BlockIoController.UnifiedWeight(weight));

    [Theory]
    [InlineData("0-3\n", "0,1,2,3")]
    [InlineData("5,1-2,2", "1,2,5")]
    [InlineData("0", "0")]
    public void Processor_lists(string text, string numbers) => Assert.Equal(numbers, string.Join(',', CpuList.Parse(text).Numbers));

    [Fact]
    public void Bytes_of_all_devices_are_added_up()
    {
        Assert.Equal((4097, 20), CgroupMeasure.SumV2("8:0 rbytes=4096 wbytes=10 rios=7 wios=9 dbytes=0 dios=0\n8:16 rbytes=1 wbytes=10 rios=1\n"));
        Assert.Equal((4097, 20), CgroupMeasure.SumV1("8:0 Read 4096\n8:0 Write 10\n8:0 Sync 5\n8:16 Read 1\n8:16 Write 10\n8:16 Total 11\nTotal 4117\n"));
        Assert.Equal((null, null), CgroupMeasure.SumV1(null));
    }
}
