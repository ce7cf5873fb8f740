using Can.Engine.Kernel.Cgroups;

namespace Can.Engine.Tests.Kernel.Cgroups;

/// <summary>Real cgroups of the real kernel, on each layout this host can show.</summary>
public sealed class CgroupLifeTests
{
    private const int SigKill = 9;
    private const int Patience = 20_000;

    public static TheoryData<string> Layouts => CgroupFixture.Available;

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void Processes_are_listed_and_measured(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        var leaf = cgroup.Make(new() { MemoryBytes = 64 << 20, PidsLimit = 50 });
        var process = cgroup.Start(leaf, "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done; echo done; sleep 1000");
        Assert.Equal("done", process.StandardOutput.ReadLine());

        var measured = cgroup.Layout.Measure(cgroup.Root, cgroup.Id, "name");

        Assert.Contains(process.Id, cgroup.Layout.Processes(cgroup.Root, cgroup.Id));
        Assert.Equal((cgroup.Id, "name"), (measured.Id, measured.Container));
        Assert.True(measured.CpuTime > TimeSpan.Zero);
        Assert.InRange(measured.MemoryBytes!.Value, 1, 64 << 20);
        Assert.Equal(64 << 20, measured.MemoryLimitBytes);
        Assert.InRange(measured.MemoryPercent!.Value, 0.0001, 100);
        Assert.InRange(measured.Pids!.Value, 1, 2);
        Assert.Equal(50, measured.PidsLimit);
    }

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void Without_limits_time_memory_and_processes_are_measured_still(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        cgroup.Start(cgroup.Make(new()), "sleep 1000");

        var measured = cgroup.Layout.Measure(cgroup.Root, cgroup.Id, "name");

        Assert.NotNull(measured.CpuTime);
        Assert.NotNull(measured.MemoryBytes);
        Assert.InRange(measured.Pids!.Value, 1, 2);
        Assert.Null(measured.MemoryLimitBytes);
        Assert.Null(measured.MemoryPercent);
        Assert.Null(measured.PidsLimit);
    }

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void Frozen_processes_stand_still_until_they_are_thawed(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        var process = cgroup.Start(cgroup.Make(new()), "while :; do :; done");
        Assert.False(cgroup.Layout.IsFrozen(cgroup.Root, cgroup.Id));

        cgroup.Layout.Freeze(cgroup.Root, cgroup.Id, frozen: true, default);
        Assert.True(cgroup.Layout.IsFrozen(cgroup.Root, cgroup.Id));
        Assert.NotEqual('R', CgroupFixture.State(process));
        var before = cgroup.Layout.Measure(cgroup.Root, cgroup.Id, "").CpuTime;
        Thread.Sleep(50);
        Assert.Equal(before, cgroup.Layout.Measure(cgroup.Root, cgroup.Id, "").CpuTime);

        cgroup.Layout.Freeze(cgroup.Root, cgroup.Id, frozen: false, default);
        Assert.False(cgroup.Layout.IsFrozen(cgroup.Root, cgroup.Id));
    }

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void Killing_ends_every_process_even_frozen_and_forking_ones(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        var process = cgroup.Start(cgroup.Make(new()), "trap '' TERM INT HUP; sleep 1000 & sleep 1000 & sleep 1000");
        cgroup.Layout.Freeze(cgroup.Root, cgroup.Id, frozen: true, default);

        cgroup.Layout.Kill(cgroup.Root, cgroup.Id);

        Assert.True(process.WaitForExit(Patience));
        Assert.Equal(128 + SigKill, process.ExitCode);
        Assert.True(SpinWait.SpinUntil(() => cgroup.Layout.Processes(cgroup.Root, cgroup.Id).Count == 0, Patience));
    }

    [RootFact]
    public void Killing_one_by_one_serves_kernels_without_cgroup_kill()
    {
        using var cgroup = new CgroupFixture("host");
        var leaf = cgroup.Make(new());
        var process = cgroup.Start(leaf, "sleep 1000 & sleep 1000 & sleep 1000");

        CgroupKill.KillEach(leaf.Directories[0]);

        Assert.True(process.WaitForExit(Patience));
        Assert.True(SpinWait.SpinUntil(() => cgroup.Layout.Processes(cgroup.Root, cgroup.Id).Count == 0, Patience));
    }

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void Sweeping_ends_what_runs_and_leaves_nothing(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        var leaf = cgroup.Make(new() { Cpus = 1, CpuSet = "0", PidsLimit = 10 });
        var process = cgroup.Start(leaf, "sleep 1000");
        Directory.CreateDirectory($"{leaf.Directories[0]}/made-inside");

        cgroup.Layout.Sweep(cgroup.Root, cgroup.Id);

        Assert.False(cgroup.Exists);
        Assert.True(process.WaitForExit(Patience));
        cgroup.Layout.Sweep(cgroup.Root, cgroup.Id);
    }

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void Parents_that_somebody_removed_are_made_again(string layout)
    {
        using var cgroup = new CgroupFixture(layout);
        foreach (var hierarchy in cgroup.Layout.Hierarchies)
        {
            new CgroupParents([hierarchy], cgroup.Root).Remove();
        }

        cgroup.Layout.Prepare(cgroup.Root);

        cgroup.Start(cgroup.Make(new() { MemoryBytes = 64 << 20 }), "sleep 1000");
        Assert.NotEmpty(cgroup.Layout.Processes(cgroup.Root, cgroup.Id));
    }

    [RootTheory]
    [MemberData(nameof(Layouts))]
    public void A_container_that_does_not_run_has_nothing_and_freezes_with_an_error(string layout)
    {
        using var cgroup = new CgroupFixture(layout);

        Assert.Empty(cgroup.Layout.Processes(cgroup.Root, cgroup.Id));
        Assert.False(cgroup.Layout.IsFrozen(cgroup.Root, cgroup.Id));
        Assert.Null(cgroup.Layout.Measure(cgroup.Root, cgroup.Id, "name").Pids);
        cgroup.Layout.Kill(cgroup.Root, cgroup.Id);
        cgroup.Layout.Freeze(cgroup.Root, cgroup.Id, frozen: false, default);
        var freezing = Assert.Throws<CanException>(() => cgroup.Layout.Freeze(cgroup.Root, cgroup.Id, true, default));
        var changing = Assert.Throws<CanException>(() => cgroup.Layout.Update(cgroup.Root, cgroup.Id, new() { MemoryBytes = 64 << 20 }));
        Assert.Equal(("CgroupMissing", "CgroupMissing"), (freezing.ErrorId, changing.ErrorId));
    }

    [RootFact]
    public void A_cancelled_freeze_changes_nothing()
    {
        using var cgroup = new CgroupFixture("host");
        cgroup.Start(cgroup.Make(new()), "sleep 1000");

        Assert.ThrowsAny<OperationCanceledException>(() => cgroup.Layout.Freeze(cgroup.Root, cgroup.Id, true, new CancellationToken(canceled: true)));

        Assert.False(cgroup.Layout.IsFrozen(cgroup.Root, cgroup.Id));
    }
}
