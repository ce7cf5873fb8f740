namespace Can.Engine.Kernel.Netlink;

/// <summary>Literal netlink messages, one behind another, to be sent at once by a plan's step or by a socket of the engine.</summary>
/// <param name="Protocol">Where they go.</param>
/// <param name="Bytes">The messages.</param>
/// <param name="Slots">What the helper fills in; messages with slots cannot be sent by the engine itself.</param>
internal sealed record NetlinkMessages(NetlinkProtocol Protocol, byte[] Bytes, NetlinkSlot[] Slots)
{
    /// <summary>Several as one, in their order.</summary>
    /// <param name="parts">At least one; all of one protocol.</param>
    public static NetlinkMessages Join(params ReadOnlySpan<NetlinkMessages> parts)
    {
        var bytes = new List<byte>();
        var slots = new List<NetlinkSlot>();
        foreach (var part in parts)
        {
            foreach (var slot in part.Slots)
            {
                slots.Add(slot with { Offset = slot.Offset + bytes.Count });
            }

            bytes.AddRange(part.Bytes.AsSpan());
        }

        return new(parts[0].Protocol, [.. bytes], [.. slots]);
    }
}
