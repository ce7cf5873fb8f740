using System.Net;
using System.Net.NetworkInformation;

namespace Can.Engine.Kernel;

/// <summary>Hardware (MAC) addresses of containers.</summary>
internal static class HardwareAddress
{
    /// <summary>
    /// The locally administered address that goes with an IP address, so that whoever gets the address next has the same one and no
    /// neighbour's memory is wrong: 02:42 and the four bytes of IPv4 (as Docker), or 02 and a digest of an IPv6 address.
    /// </summary>
    public static PhysicalAddress Of(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4
            ? new([0x02, 0x42, .. bytes])
            : new([0x02, .. Sha256.Of(bytes).AsSpan(0, 5)]);
    }
}
