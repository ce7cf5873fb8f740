using System.Management.Automation;

namespace CanPS.Running;

/// <summary>Exit codes are data, as they are for native commands.</summary>
internal static class ExitCodes
{
    /// <summary>Sets <c>$LASTEXITCODE</c>.</summary>
    public static void SetLastExitCode(this PSCmdlet cmdlet, int exitCode) =>
        cmdlet.SessionState.PSVariable.Set("global:LASTEXITCODE", exitCode);
}
