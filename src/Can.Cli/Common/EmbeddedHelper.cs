using Can.Engine.Kernel.Processes;

namespace Can.Cli.Common;

/// <summary>can-monitor as a part of this very file, so that one file is all there is to install.</summary>
internal static class EmbeddedHelper
{
    /// <summary>The helper.</summary>
    public static HelperProgram Program => HelperProgram.FromResource(typeof(EmbeddedHelper).Assembly, "can-monitor");
}
