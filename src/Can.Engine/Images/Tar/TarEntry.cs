namespace Can.Engine.Images.Tar;

/// <summary>What an entry of an archive is.</summary>
internal enum TarEntryType
{
    File,
    Directory,
    SymbolicLink,
    HardLink,
    CharacterDevice,
    BlockDevice,
    Fifo,
}

/// <summary>An extended attribute: its whole name and its value, as bytes.</summary>
internal readonly record struct ExtendedAttribute(byte[] Name, byte[] Value);

/// <summary>A part of a sparse file that has data; between the parts are holes.</summary>
internal readonly record struct SparsePart(long Offset, long Length);

/// <summary>An entry of a tar archive with all that its own header and the extended headers before it say. Names are bytes.</summary>
internal sealed class TarEntry
{
    public TarEntryType Type { get; set; }

    /// <summary>Name as it is in the archive, without a NUL.</summary>
    public byte[] Name { get; set; } = [];

    /// <summary>Text of a symbolic link, or name of the entry that a hard link means.</summary>
    public byte[] LinkName { get; set; } = [];

    /// <summary>Permission bits, set-id and sticky bits included.</summary>
    public uint Mode { get; set; }

    public uint User { get; set; }

    public uint Group { get; set; }

    /// <summary>Bytes that follow in the archive, before padding.</summary>
    public long DataLength { get; set; }

    /// <summary>Length of the file; differs from <see cref="DataLength"/> for sparse files.</summary>
    public long FileLength { get; set; }

    /// <summary>Modification time: seconds since 1970, and nanoseconds from 0 to 999,999,999.</summary>
    public (long Seconds, long Nanoseconds) Modified { get; set; }

    public uint DeviceMajor { get; set; }

    public uint DeviceMinor { get; set; }

    public List<ExtendedAttribute> ExtendedAttributes { get; } = [];

    /// <summary>Where the data goes, in order; null for a file without holes.</summary>
    public List<SparsePart>? Sparse { get; set; }
}
