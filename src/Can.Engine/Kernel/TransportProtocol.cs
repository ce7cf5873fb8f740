namespace Can.Engine.Kernel;

/// <summary>Protocols whose ports can be published; the values are those of the IP header (IPPROTO_*).</summary>
public enum TransportProtocol
{
    /// <summary>IPPROTO_TCP</summary>
    Tcp = 6,

    /// <summary>IPPROTO_UDP</summary>
    Udp = 17,

    /// <summary>IPPROTO_SCTP</summary>
    Sctp = 132,
}
