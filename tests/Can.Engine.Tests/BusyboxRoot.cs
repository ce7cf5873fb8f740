using System.Diagnostics;

namespace Can.Engine.Tests;

/// <summary>The root file system of the tests' image: the machine's static busybox, as tests/make-busybox-root.sh makes it.</summary>
internal static class BusyboxRoot
{
    private static readonly string[] Places = ["/bin/busybox", "/usr/bin/busybox"];

    public static void Make(string root)
    {
        var busybox = Array.Find(Places, File.Exists) ?? throw new FileNotFoundException("There is no static busybox: apt-get install busybox-static");
        foreach (var directory in (string[])["bin", "dev", "etc", "home", "proc", "root", "run", "sys", "tmp", "usr", "var/tmp"])
        {
            Directory.CreateDirectory($"{root}/{directory}");
        }

        File.SetUnixFileMode($"{root}/tmp", (UnixFileMode)0x3FF /* 01777 */);
        File.Copy(busybox, $"{root}/bin/busybox");
        foreach (var applet in Applets(busybox))
        {
            File.CreateSymbolicLink($"{root}/bin/{applet}", "/bin/busybox");
        }

        File.CreateSymbolicLink($"{root}/sbin", "/bin");
        File.CreateSymbolicLink($"{root}/usr/bin", "/bin");
        File.WriteAllText($"{root}/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n");
        File.WriteAllText($"{root}/etc/group", "root:x:0:\nnogroup:x:65534:\n");
    }

    private static IEnumerable<string> Applets(string busybox)
    {
        using var process = Process.Start(new ProcessStartInfo(busybox, ["--list"]) { RedirectStandardOutput = true })!;
        var applets = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return applets.Where(static applet => applet != "busybox");
    }
}
