using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Containers.Files;

/// <summary>What of a container's files is wanted.</summary>
internal enum RootAccess
{
    /// <summary>Its own files, to be read, without what is mounted in it.</summary>
    OwnFiles,

    /// <summary>What its processes see, volumes included, to be read.</summary>
    Read,

    /// <summary>What its processes see, to be changed.</summary>
    Write,
}

/// <summary>
/// A container's root as a descriptor, and what has to be held meanwhile: of a container that does not run its operation lock, so
/// that nobody starts or removes it; of one that runs nothing.
/// </summary>
internal sealed class RootView(SafeFileHandle root, IDisposable? held) : IDisposable
{
    /// <summary>The root directory.</summary>
    public int Descriptor => (int)root.DangerousGetHandle();

    /// <summary>Whether its processes may change files meanwhile.</summary>
    public bool IsLive => held is null;

    /// <inheritdoc/>
    public void Dispose()
    {
        root.Dispose();
        held?.Dispose();
    }
}
