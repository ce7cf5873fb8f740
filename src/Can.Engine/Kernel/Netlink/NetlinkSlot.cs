namespace Can.Engine.Kernel.Netlink;

/// <summary>What the helper writes into a message before it is sent; enum netlink_slot of native/plan_format.h.</summary>
internal enum NetlinkSlotKind
{
    /// <summary>Four hexadecimal digits that are another run's never: host interfaces of earlier runs may still be on their way out.</summary>
    RunNumber = 1,

    /// <summary>The index of the interface ethN in the namespace of the process that sends, 4 bytes.</summary>
    LinkIndex = 2,
}

/// <summary>A place in a message that is filled in when it is sent.</summary>
/// <param name="Kind">What is written there.</param>
/// <param name="Offset">Where, in bytes from the first message's begin.</param>
/// <param name="Number">Of <see cref="NetlinkSlotKind.LinkIndex"/>: N of ethN.</param>
internal readonly record struct NetlinkSlot(NetlinkSlotKind Kind, int Offset, int Number = 0)
{
    /// <summary>The slot as an argument of a step: kind in bits 48 to 63, number in bits 32 to 47, offset in bits 0 to 31.</summary>
    public ulong Argument => ((ulong)Kind << 48) | ((ulong)(ushort)Number << 32) | (uint)Offset;
}
