using System.Net;
using Can.Engine.Networks.Addresses;

namespace Can.Engine.Tests.Networks;

/// <summary>Addresses are given once, whoever asks at the same time.</summary>
public sealed class LeaseTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private LeaseTable Leases => new(directory["leases"]);

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Addresses_are_given_one_after_the_other_without_the_gateway()
    {
        var (leases, pool) = (Leases, Pool("192.168.10.0/24"));

        Assert.Equal(["192.168.10.2", "192.168.10.3"], Claim(leases, pool, 2));
        leases.Release(IPAddress.Parse("192.168.10.2"), "owner");
        Assert.Equal(["192.168.10.4"], Claim(leases, pool, 1));
    }

    [Fact]
    public void A_fresh_process_begins_with_the_first_that_is_free()
    {
        var pool = Pool("192.168.10.0/24");
        _ = Claim(Leases, pool, 20);
        Leases.Release(IPAddress.Parse("192.168.10.9"), "owner");

        Assert.Equal(["192.168.10.9", "192.168.10.22"], Claim(Leases, pool, 2));
    }

    [Theory]
    [InlineData("10.0.0.0/30", "10.0.0.1", null, 1)]
    [InlineData("10.0.0.0/24", "10.0.0.1", null, 253)]
    [InlineData("10.0.0.0/24", "10.0.0.254", null, 253)]
    [InlineData("10.0.0.0/24", "10.0.0.1", "10.0.0.0/29", 6)]
    [InlineData("10.0.0.0/24", "10.0.0.1", "10.0.0.128/25", 127)]
    [InlineData("10.0.0.0/24", "10.0.0.1", "10.0.0.7/32", 1)]
    [InlineData("fd00::/126", "fd00::1", null, 2)]
    public void All_addresses_are_given_and_then_none(string subnet, string gateway, string? range, int count)
    {
        var (leases, pool) = (Leases, Pool(subnet, gateway, range));

        var given = Claim(leases, pool, count);

        Assert.Equal(count, given.Distinct().Count());
        Assert.DoesNotContain(gateway, given);
        Assert.Null(AddressAllocator.TryClaimNext(leases, pool, "late"));
        Assert.Null(AddressAllocator.TryClaimNext(Leases, pool, "late"));
        leases.Release(IPAddress.Parse(given[count / 2]), "owner");
        Assert.Equal([given[count / 2]], Claim(leases, pool, 1));
    }

    [Fact]
    public void A_large_subnet_works_like_a_small_one() => Assert.Equal("10.1.0.2", Claim(Leases, Pool("10.1.0.0/16"), 300)[0]);

    [Fact]
    public void A_lease_belongs_to_who_claimed_it_first()
    {
        var address = IPAddress.Parse("10.0.0.5");

        Assert.True(Leases.TryClaim(address, "first"));
        Assert.False(Leases.TryClaim(address, "second"));
        Leases.Release(address, "second");
        Assert.Equal("first", Leases.OwnerOf(address));
    }

    [Fact]
    public void A_truncated_lease_keeps_its_address_until_it_is_known_to_be_nobodys()
    {
        var pool = Pool("10.0.0.0/30");
        Directory.CreateDirectory(directory["leases"]);
        File.WriteAllText(directory["leases/10.0.0.2"], "");

        Assert.Null(AddressAllocator.TryClaimNext(Leases, pool, "owner"));
        Leases.Repair(() => []);
        Assert.Equal(["10.0.0.2"], Claim(Leases, pool, 1));
    }

    [Fact]
    public void A_truncated_lease_is_given_back_to_who_knows_of_it()
    {
        Directory.CreateDirectory(directory["leases"]);
        File.WriteAllText(directory["leases/10.0.0.2"], "garbage");

        Leases.Repair(() => [(IPAddress.Parse("10.0.0.2"), "first"), (IPAddress.Parse("10.0.0.2"), "second")]);

        Assert.Equal("first", Leases.OwnerOf(IPAddress.Parse("10.0.0.2")));
        Assert.Equal("10.0.0.2", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(directory["leases"]))));
    }

    [Fact]
    public void Promised_addresses_are_taken_from_the_beginning()
    {
        Leases.Begin([(IPAddress.Parse("10.0.0.2"), "promised")]);
        Leases.Begin([(IPAddress.Parse("10.0.0.3"), "late")]);

        Assert.Equal("promised", Leases.OwnerOf(IPAddress.Parse("10.0.0.2")));
        Assert.Equal(["10.0.0.3"], Claim(Leases, Pool("10.0.0.0/24"), 1));
        Assert.Equal([directory["leases"]], Directory.EnumerateFileSystemEntries(directory.Path));
    }

    [Fact]
    public void Threads_never_get_one_address_twice()
    {
        var pool = Pool("10.0.0.0/23");
        var given = new System.Collections.Concurrent.ConcurrentBag<string>();
        var threads = Enumerable.Range(0, 8).Select(number => new Thread(() =>
        {
            var leases = Leases;
            while (AddressAllocator.TryClaimNext(leases, pool, $"owner{number}") is { } address)
            {
                given.Add(address.ToString());
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(509, given.Count);
        Assert.Equal(509, given.Distinct().Count());
    }

    private static string[] Claim(LeaseTable leases, AddressPool pool, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => AddressAllocator.TryClaimNext(leases, pool, "owner")!.ToString())];

    private static AddressPool Pool(string subnet, string? gateway = null, string? range = null)
    {
        Assert.True(Subnet.TryParse(subnet, out var parsed));
        Subnet? part = null;
        Assert.True(range is null || Subnet.TryParse(range, out part));
        return new() { Subnet = parsed, Gateway = gateway ?? parsed.ToAddress(parsed.FirstHost).ToString(), IPRange = part };
    }
}
