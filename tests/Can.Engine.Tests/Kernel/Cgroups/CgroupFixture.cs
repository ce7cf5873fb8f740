using System.Diagnostics;
using System.Globalization;
using Can.Engine.Containers;
using Can.Engine.Kernel.Cgroups;

namespace Can.Engine.Tests.Kernel.Cgroups;

/// <summary>The cgroups of one container on the real kernel, without a container: made, filled and entered by a shell as a plan would.</summary>
internal sealed class CgroupFixture : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly List<Process> processes = [];

    /// <param name="layout"><c>host</c>: as this host is; <c>v1</c>: the same without its v2 hierarchy.</param>
    public CgroupFixture(string layout)
    {
        Layout = layout == "host" ? CgroupLayout.Read() : CgroupLayout.Parse(V1Only(), _ => CgroupControllers.None, OnlineProcessors());
        Root = CanRoot.At(directory.Path);
        Layout.Prepare(Root);
    }

    /// <summary>The layouts that can be tried on this host.</summary>
    public static TheoryData<string> Available => CgroupLayout.Read().HasV1 ? ["host", "v1"] : ["host"];

    public CgroupLayout Layout { get; }

    public CanRoot Root { get; }

    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Makes and fills the leaf.</summary>
    public CgroupLeaf Make(ResourceLimits limits)
    {
        var leaf = Layout.Leaf(Root, Id, limits);
        foreach (var path in leaf.Directories)
        {
            Directory.CreateDirectory(path);
        }

        foreach (var write in leaf.Writes)
        {
            try
            {
                File.WriteAllText(write.Path, write.Data);
            }
            catch (Exception failure) when (write.Optional && failure is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }

        return leaf;
    }

    /// <summary>Starts a shell that enters the leaf and then becomes, or runs, the command.</summary>
    public Process Start(CgroupLeaf leaf, string command)
    {
        var files = leaf.TasksFiles.ToList();
        if (leaf.UnifiedDirectory is { } unified)
        {
            files.Add($"{unified}/cgroup.procs");
        }

        var enter = string.Concat(files.Select(file => $"echo 0 >{file}; "));
        var start = new ProcessStartInfo("/bin/sh", ["-ec", $"{enter} echo in; {command}"]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        processes.Add(process);
        Assert.Equal("in", process.StandardOutput.ReadLine());
        return process;
    }

    /// <summary>What a file of the leaf holds, in whichever hierarchy it is.</summary>
    public string Read(string file)
    {
        foreach (var hierarchy in Layout.Hierarchies)
        {
            if (File.Exists($"{hierarchy.Leaf(Root, Id)}/{file}"))
            {
                return File.ReadAllText($"{hierarchy.Leaf(Root, Id)}/{file}").Trim();
            }
        }

        throw new FileNotFoundException(file);
    }

    public bool Exists => Layout.Hierarchies.Any(hierarchy => Directory.Exists(hierarchy.Leaf(Root, Id)));

    /// <summary>State letter of proc_pid_stat(5).</summary>
    public static char State(Process process)
    {
        var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/stat"));
        return text[text.LastIndexOf(')') + 2];
    }

    public void Dispose()
    {
        foreach (var process in processes)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        Layout.Sweep(Root, Id);
        Layout.RemoveParents(Root);
        directory.Dispose();
    }

    private static string V1Only() =>
        string.Join('\n', File.ReadLines("/proc/self/mountinfo").Where(line => !line.Contains(" - cgroup2 ", StringComparison.Ordinal)));

    private static string OnlineProcessors() => File.ReadAllText("/sys/devices/system/cpu/online");
}
