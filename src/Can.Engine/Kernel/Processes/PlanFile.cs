using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Kernel.Processes;

/// <summary>A plan's bytes in a memory file, as the helper takes them on descriptor 3.</summary>
internal static class PlanFile
{
    internal static SafeFileHandle Make(ReadOnlySpan<byte> plan)
    {
        var file = Libc.Own(Libc.memfd_create("can-plan", Libc.MFD_CLOEXEC), "Making a memory file for the plan");
        Libc.WriteAll(file, plan, "Writing the plan");
        Libc.Rewind(file);
        return file;
    }
}
