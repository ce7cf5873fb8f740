namespace Can.Engine.Kernel;

/// <summary>The default seccomp filter as classic BPF, compiled by libseccomp once and kept by its digest.</summary>
public static class SeccompFilter
{
    /// <summary>The default filter for a container with these capabilities.</summary>
    /// <param name="root">Where compiled filters are kept.</param>
    /// <param name="capabilities">Bit mask of the capabilities the container has; some open further system calls.</param>
    /// <returns>struct sock_filter[] as seccomp(2) takes it.</returns>
    /// <exception cref="CanException"><c>LibraryMissing</c>: libseccomp is not installed and no compiled filter is kept.</exception>
    public static byte[] Default(CanRoot root, ulong capabilities) => throw new NotImplementedException();
}
