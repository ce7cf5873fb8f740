using System.Net;

namespace Can.Engine.Networks.Addresses;

/// <summary>
/// Hands addresses out one after the other, so that one that was just given back is not somebody else's at once. A process remembers
/// where it is, which makes the price of an address the same however many are in use.
/// </summary>
internal static class AddressAllocator
{
    /// <summary>So many addresses are tried before all leases are looked at.</summary>
    private const int Guesses = 4;

    /// <summary>Claims the next free address.</summary>
    /// <returns>Null when all are taken.</returns>
    public static IPAddress? TryClaimNext(LeaseTable leases, AddressPool pool, string owner)
    {
        var start = leases.LastGiven.TryGetValue(pool.Subnet, out var last) ? Following(pool, AddressNumber.Of(last)) : pool.First;
        var found = Guess(leases, pool, owner, start) ?? Search(leases, pool, owner, start);
        if (found is not null)
        {
            leases.LastGiven[pool.Subnet] = found;
        }

        return found;
    }

    private static IPAddress? Guess(LeaseTable leases, AddressPool pool, string owner, AddressValue candidate)
    {
        for (var guess = 0; guess < Guesses; guess++, candidate = Following(pool, candidate))
        {
            if (TryClaim(leases, pool, owner, candidate) is { } claimed)
            {
                return claimed;
            }
        }

        return null;
    }

    /// <summary>Of as many addresses as there are leases, and two more, one is free and not the gateway's.</summary>
    private static IPAddress? Search(LeaseTable leases, AddressPool pool, string owner, AddressValue start)
    {
        while (true)
        {
            var taken = leases.Taken().Select(AddressNumber.Of).ToHashSet();
            var candidate = start;
            var size = pool.Last - pool.First + 1;
            var left = (ulong)taken.Count + 2;
            left = size < left ? size.Low : left;
            for (; left > 0 && (taken.Contains(candidate) || !pool.Allows(pool.Subnet.ToAddress(candidate))); left--)
            {
                candidate = Following(pool, candidate);
            }

            if (left == 0)
            {
                return null;
            }

            if (TryClaim(leases, pool, owner, candidate) is { } claimed)
            {
                return claimed;
            }

            // Somebody was faster.
        }
    }

    private static IPAddress? TryClaim(LeaseTable leases, AddressPool pool, string owner, AddressValue candidate)
    {
        var address = pool.Subnet.ToAddress(candidate);
        return pool.Allows(address) && leases.TryClaim(address, owner) ? address : null;
    }

    private static AddressValue Following(AddressPool pool, AddressValue number) => number >= pool.Last || number < pool.First ? pool.First : number + 1;
}
