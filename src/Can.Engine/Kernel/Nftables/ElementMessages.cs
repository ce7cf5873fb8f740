using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Kernel.Nftables;

/// <summary>Batches of nf_tables messages that add and delete elements; each takes effect whole or not at all.</summary>
internal static class ElementMessages
{
    /// <summary>Adds elements. One that is there already is fine; EBUSY if its key is mapped to something else; ENOENT without the table.</summary>
    public static NetlinkMessages Add(string table, IEnumerable<MapElement> elements) => throw new NotImplementedException();

    /// <summary>Deletes elements. One that is gone already is fine; EBUSY if its key is mapped to something else; ENOENT without the table.</summary>
    public static NetlinkMessages Delete(string table, IEnumerable<MapElement> elements) => throw new NotImplementedException();
}
