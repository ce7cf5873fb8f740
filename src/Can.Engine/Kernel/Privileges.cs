namespace Can.Engine.Kernel;

/// <summary>What the calling process may do.</summary>
public static class Privileges
{
    private static readonly bool IsRoot = Libc.geteuid() == 0;

    /// <summary>Refuses anybody but root.</summary>
    /// <exception cref="CanException"><c>NotRoot</c></exception>
    public static void RequireRoot()
    {
        if (!IsRoot)
        {
            throw new CanException("NotRoot", CanErrorCategory.PermissionDenied,
                "Containers need namespaces, mounts and cgroups that only root may make. Start PowerShell as root: sudo pwsh.");
        }
    }
}
