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
        var start = leases.LastGiven.TryGetValue(pool.Subnet, out var last) ? Following(pool, last) : pool.First;
        var found = Guess(leases, pool, owner, start) ?? Search(leases, pool, owner, start);
        if (found is not null)
        {
            leases.LastGiven[pool.Subnet] = AddressNumber.Of(found);
        }

        return found;
    }

    private static IPAddress? Guess(LeaseTable leases, AddressPool pool, string owner, UInt128 candidate)
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
    private static IPAddress? Search(LeaseTable leases, AddressPool pool, string owner, UInt128 start)
    {
        while (true)
        {
            var taken = leases.Taken().Select(AddressNumber.Of).ToHashSet();
            var candidate = start;
            var left = UInt128.Min((UInt128)taken.Count + 2, pool.Last - pool.First + 1);
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

    private static IPAddress? TryClaim(LeaseTable leases, AddressPool pool, string owner, UInt128 candidate)
    {
        var address = pool.Subnet.ToAddress(candidate);
        return pool.Allows(address) && leases.TryClaim(address, owner) ? address : null;
    }

    private static UInt128 Following(AddressPool pool, UInt128 number) => number >= pool.Last || number < pool.First ? pool.First : number + 1;
}
