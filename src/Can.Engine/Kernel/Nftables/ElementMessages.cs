using Can.Engine.Kernel.Netlink;

namespace Can.Engine.Kernel.Nftables;

/// <summary>Batches of nf_tables messages that add and delete elements; each takes effect whole or not at all.</summary>
internal static class ElementMessages
{
    // An attribute's length has 16 bits; the largest element takes less than 128 bytes.
    private const int ElementsInMessage = 400;

    /// <summary>Adds elements. One that is there already is fine; EEXIST (EBUSY from older kernels) if its key is mapped to something else; ENOENT without the table.</summary>
    public static NetlinkMessages Add(string table, IEnumerable<MapElement> elements)
    {
        var all = elements.ToArray();
        return NftMessages.Batch(writer => Write(writer, NftMessages.NewElements, NftMessages.NLM_F_CREATE, table, all));
    }

    /// <summary>Deletes elements. One that is gone already is fine; EEXIST (EBUSY from older kernels) if its key is mapped to something else; ENOENT without the table.</summary>
    /// <remarks>
    /// Deleting a missing element fails (DESTROYSETELEM, which does not, is of Linux 6.3), so the batch adds each element before it
    /// deletes it: adding what is there is no error, and nobody sees the state between.
    /// </remarks>
    public static NetlinkMessages Delete(string table, IEnumerable<MapElement> elements)
    {
        var all = elements.ToArray();
        return NftMessages.Batch(writer =>
        {
            Write(writer, NftMessages.NewElements, NftMessages.NLM_F_CREATE, table, all);
            Write(writer, NftMessages.DeleteElements, 0, table, all);
        });
    }

    /// <summary>Asks for the element with this one's key; ENOENT without one.</summary>
    public static NetlinkMessages Get(string table, MapElement element) => NftMessages.Request(NftMessages.GetElements, 0, writer => writer
        .Text(NftMessages.ListTable, table)
        .Text(NftMessages.ListSet, element.Set)
        .Nest(NftMessages.ListElements, list => list.Nest(NftMessages.ListElement, item => Value(item, NftMessages.ElementKey, element.Key))));

    /// <summary>Takes elements away and adds others in their place, at once; ENOENT if one is gone meanwhile.</summary>
    public static NetlinkMessages Replace(string table, IEnumerable<MapElement> old, IEnumerable<MapElement> elements)
    {
        var (gone, added) = (old.ToArray(), elements.ToArray());
        return NftMessages.Batch(writer =>
        {
            Write(writer, NftMessages.DeleteElements, 0, table, gone);
            Write(writer, NftMessages.NewElements, NftMessages.NLM_F_CREATE, table, added);
        });
    }

    private static void Write(NetlinkWriter writer, ushort type, ushort flags, string table, MapElement[] elements)
    {
        foreach (var set in elements.GroupBy(element => element.Set))
        {
            foreach (var some in set.Chunk(ElementsInMessage))
            {
                writer
                    .Begin(type, (ushort)(NftMessages.NLM_F_REQUEST | NftMessages.NLM_F_ACK | flags), NftMessages.Header)
                    .Text(NftMessages.ListTable, table)
                    .Text(NftMessages.ListSet, set.Key)
                    .Nest(NftMessages.ListElements, list => WriteElements(list, some))
                    .End();
            }
        }
    }

    private static void WriteElements(NetlinkWriter list, MapElement[] elements)
    {
        foreach (var element in elements)
        {
            list.Nest(NftMessages.ListElement, item =>
            {
                Value(item, NftMessages.ElementKey, element.Key);
                if (element.Data.Length > 0)
                {
                    Value(item, NftMessages.ElementData, element.Data);
                }
            });
            if (element.EndKey.Length > 0)
            {
                list.Nest(NftMessages.ListElement, item => Value(
                    item.NetworkNumber(NftMessages.ElementFlags, NftMessages.IntervalEnd), NftMessages.ElementKey, element.EndKey));
            }
        }
    }

    private static void Value(NetlinkWriter writer, ushort type, byte[] value) =>
        writer.Nest(type, data => data.Bytes(NftMessages.DataValue, value));
}
