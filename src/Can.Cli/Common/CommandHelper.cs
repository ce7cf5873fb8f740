using Can.Engine.Kernel.Processes;

namespace Can.Cli.Common;

/// <summary>
/// can-monitor: the file that is installed with this one (PREFIX/bin/can and PREFIX/libexec/can/can-monitor), or else the copy that is
/// a part of this very file, so that one file is all that must be there.
/// </summary>
internal static class CommandHelper
{
    /// <summary>Its name, here and there.</summary>
    public const string Name = "can-monitor";

    /// <summary>The helper. Links on the way to this program have been followed (/proc/self/exe).</summary>
    public static HelperProgram Program => HelperProgram.FromInstallation(
        $"{Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))}/libexec/can/{Name}",
        HelperProgram.FromResource(typeof(CommandHelper).Assembly, Name));
}
