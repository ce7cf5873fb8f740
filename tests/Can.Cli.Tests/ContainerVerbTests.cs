using System.Text.Json;

namespace Can.Cli.Tests;

/// <summary>Verbs about containers that there are.</summary>
public sealed class ContainerVerbTests(CliRoot can) : IClassFixture<CliRoot>
{
    /// <summary>A container that runs until it is asked to end, which it does with exit code 3.</summary>
    private string Sleeper(params string[] options)
    {
        var name = can.NewName();
        can.Do(["run", "-d", "--name", name, "--net", "none", .. options, CliRoot.Busybox, "sh", "-c", "trap 'exit 3' TERM; echo ready; while :; do sleep 0.1; done"]);
        CliRoot.Eventually(() => can.Do("logs", name).Output.Length > 0, "it is ready");
        return name;
    }

    [RootFact]
    public void A_container_is_made_started_waited_for_and_removed()
    {
        var name = can.NewName();
        var id = can.Do("create", "--name", name, "--net", "none", CliRoot.Busybox, "sh", "-c", "echo once more; exit 4").Line;

        Assert.Equal("created", can.Do("inspect", "-f", "{{.State.Status}}", id[..12]).Line);
        var attached = can.Run("start", "-a", name);
        Assert.Equal(new CliResult(4, "once more\n", ""), attached);
        Assert.Equal(name, can.Do("start", name).Line);
        Assert.Equal("4", can.Do("wait", name).Line);
        Assert.Equal(["once more", "once more"], can.Do("logs", name).Lines);
        Assert.Equal(name, can.Do("rm", name).Line);
        Assert.Contains("'can ps -a'", can.Fails(1, "rm", name), StringComparison.Ordinal);
    }

    [RootFact]
    public void Stop_asks_and_kill_does_not()
    {
        var name = Sleeper("--restart", "always");

        can.Do("stop", name);
        Assert.Equal("3", can.Do("wait", name).Line);
        can.Do("start", name);
        can.Do("kill", name);
        Assert.Equal("137", can.Do("wait", name).Line);
        Assert.Contains("does not run", can.Fails(1, "kill", name), StringComparison.Ordinal);
        can.Do("restart", "-t", "0", name);
        Assert.Contains("can stop", can.Fails(1, "rm", name), StringComparison.Ordinal);
        can.Do("rm", "-f", name);
    }

    [RootFact]
    public void Kill_sends_the_signal_it_is_given()
    {
        var name = can.NewName();
        can.Do("run", "-d", "--name", name, "--net", "none", CliRoot.Busybox, "sh", "-c", "trap 'echo hup' HUP; echo ready; while :; do sleep 0.1; done");
        CliRoot.Eventually(() => can.Do("logs", name).Output.Length > 0, "it is ready");

        can.Do("kill", "-s", "HUP", name);

        CliRoot.Eventually(() => can.Do("logs", name).Lines.Contains("hup"), "it gets the signal");
        Assert.Contains("signal", can.Fails(1, "kill", "--signal=NOSUCH", name), StringComparison.Ordinal);
        can.Do("rm", "-f", name);
    }

    [RootFact]
    public void Paused_ones_say_so_and_go_on()
    {
        var name = Sleeper();

        can.Do("pause", name);
        Assert.Contains("(Paused)", can.Do("ps", "--filter", $"name={name}").Output, StringComparison.Ordinal);
        Assert.Contains("can unpause", can.Fails(125, "exec", name, "true"), StringComparison.Ordinal);
        can.Do("unpause", name);
        can.Do("exec", name, "true");
        can.Do("rm", "-f", name);
    }

    [RootFact]
    public void Exec_runs_beside_the_command()
    {
        var name = Sleeper("-e", "A=1");

        Assert.Equal(new CliResult(6, "1 2\n", "err\n"), can.Run("exec", "-e", "B=2", name, "sh", "-c", "echo $A $B; echo err >&2; exit 6"));
        Assert.Equal("fed", can.Feed("fed", "exec", "-i", name, "cat").Output);
        Assert.Equal("nobody /tmp", can.Do("exec", "-u", "nobody", "-w", "/tmp", name, "sh", "-c", "echo $(id -un) $(pwd)").Line);
        can.Fails(127, "exec", name, "nosuch");
        can.Fails(126, "exec", name, "/etc");
        can.Fails(125, "exec", "nosuch", "true");
        can.Do("exec", "-d", name, "sh", "-c", "echo later >/tmp/later; sleep 1000");
        CliRoot.Eventually(() => can.Run("exec", name, "cat", "/tmp/later").Output == "later\n", "what was left in the background has begun");
        Assert.Contains("sleep 1000", can.Do("top", name).Output, StringComparison.Ordinal);
        can.Do("rm", "-f", name);
    }

    [RootFact]
    public void Attach_shows_what_is_written_from_now_on()
    {
        var name = can.NewName();
        can.Do("run", "-d", "-i", "--name", name, "--net", "none", CliRoot.Busybox, "sh", "-c", "read line; echo got $line; exit 2");

        Assert.Equal(new CliResult(2, "got it\n", ""), can.Feed("it\n", "attach", name));
        Assert.Contains("does not run", can.Fails(1, "attach", name), StringComparison.Ordinal);
        can.Do("rm", name);
    }

    [RootFact]
    public void Logs_are_followed_cut_and_dated()
    {
        var name = can.NewName();
        can.Do("run", "-d", "--name", name, "--net", "none", CliRoot.Busybox, "sh", "-c", "echo one; echo two; echo three >&2");

        Assert.Equal(new CliResult(0, "one\ntwo\n", "three\n"), can.Run("logs", "-f", name));
        Assert.Equal(new CliResult(0, "", "three\n"), can.Run("logs", "--tail", "1", name));
        Assert.Equal("", can.Do("logs", "--until", "1h", name).Output);
        Assert.Equal(["one", "two"], can.Do("logs", "--since", "1h", name).Lines);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]+Z one$", can.Do("logs", "-t", name).Lines[0]);
        can.Fails(1, "logs", "--tail", "few", name);
        can.Do("rm", name);
    }

    [RootFact]
    public void Ps_lists_filters_and_formats()
    {
        var running = Sleeper("--label", "kind=web");
        var ended = can.NewName();
        can.Run("run", "--name", ended, "--net", "none", CliRoot.Busybox, "sh", "-c", "exit 5");

        Assert.DoesNotContain(ended, can.Do("ps").Output, StringComparison.Ordinal);
        Assert.Contains(ended, can.Do("ps", "-a").Output, StringComparison.Ordinal);
        Assert.Equal(running, can.Do("ps", "--filter", "label=kind=web", "--format", "{{.Names}}").Line);
        Assert.Equal($"{ended}\texited", can.Do("ps", "--filter", "exited=5", "--format", "{{.Names}}\\t{{.State}}").Line);
        Assert.Equal(ended, can.Do("ps", "-l", "--format", "{{.Names}}").Line);
        Assert.Equal($"{ended} EXITED", can.Do("ps", "-l", "--format", "{{if eq .State \"exited\"}}{{.Names}} {{upper .State}}{{end}}").Line);
        using var whole = JsonDocument.Parse(can.Do("ps", "-l", "--format", "{{json .}}").Line);
        using var listed = JsonDocument.Parse(can.Do("ps", "-l", "--format", "json").Line);
        Assert.Equal(listed.RootElement.EnumerateObject().Select(static member => member.Name), whole.RootElement.EnumerateObject().Select(static member => member.Name));
        Assert.Matches($"^NAMES +STATE\n{ended} +exited\n$", can.Do("ps", "-l", "--format", "table {{.Names}}\\t{{.State}}").Output);
        Assert.Contains("columns of a table", can.Fails(1, "ps", "--format", "table {{if .Names}}x{{end}}"), StringComparison.Ordinal);
        Assert.Equal(64, can.Do("ps", "-q", "--no-trunc", "--filter", $"name={running}").Line.Length);
        using var json = JsonDocument.Parse(can.Do("ps", "--format", "json", "--filter", $"name={running}").Line);
        Assert.Equal("running", json.RootElement.GetProperty("State").GetString());
        can.Fails(1, "ps", "--filter", "colour=red");
        can.Fails(1, "ps", "--format", "{{.Colour}}");
        can.Do("rm", "-f", running, ended);
    }

    [RootFact]
    public void Inspect_shows_everything_and_parts()
    {
        var name = Sleeper("-m", "64m", "-e", "A=1", "-v", "/srv:/data:ro");

        using var json = JsonDocument.Parse(can.Do("inspect", name).Output);
        var container = json.RootElement[0];
        Assert.Equal($"/{name}", container.GetProperty("Name").GetString());
        Assert.Equal(64L << 20, container.GetProperty("HostConfig").GetProperty("Memory").GetInt64());
        Assert.Equal("/data", container.GetProperty("Mounts")[0].GetProperty("Destination").GetString());
        Assert.Equal("true", can.Do("inspect", "--format", "{{.State.Running}}", name).Line);
        Assert.Contains("A=1", can.Do("inspect", "--format", "{{json .Config.Env}}", name).Line, StringComparison.Ordinal);
        Assert.True(File.Exists($"/proc/{can.Do("inspect", "-f", "{{.State.Pid}}", name).Line}/stat"));
        can.Fails(1, "inspect", "--format", "{{.Colour}}", name);
        can.Do("rm", "-f", name);
    }

    [RootFact]
    public void Files_go_in_and_out_and_become_an_image()
    {
        var name = Sleeper();
        File.WriteAllText(can.Files["in"], "text");

        can.Do("cp", can.Files["in"], $"{name}:/tmp/file");
        can.Do("cp", $"{name}:/tmp/file", can.Files["out"]);
        Assert.Equal("text", File.ReadAllText(can.Files["out"]));
        Assert.Equal(["C /tmp", "A /tmp/file"], can.Do("diff", name).Lines);
        Assert.StartsWith("sha256:", can.Do("commit", "-c", "CMD [\"cat\", \"/tmp/file\"]", "-m", "a file", name, "with-file:1").Line, StringComparison.Ordinal);
        Assert.Equal("text", can.Do("run", "--rm", "--net", "none", "with-file:1").Output);
        can.Do("export", "-o", can.Files["all.tar"], name);
        Assert.Contains("tmp/file", can.Files.Shell("tar tf all.tar"), StringComparison.Ordinal);
        Assert.Contains("tmp/file", can.Execute("", "sh", "-c", $"{CliRoot.Executable} export {name} | tar t").Output, StringComparison.Ordinal);
        can.Fails(1, "cp", "/etc/hostname", "/tmp/x");
        can.Fails(1, "cp", $"{name}:/nosuch", can.Files["x"]);
        can.Do("rm", "-f", name);
    }

    [RootFact]
    public void Stop_sends_the_signal_it_is_given()
    {
        var name = can.NewName();
        can.Do("run", "-d", "--name", name, "--net", "none", CliRoot.Busybox, "sh", "-c", "trap 'exit 8' USR1; echo ready; while :; do sleep 0.1; done");
        CliRoot.Eventually(() => can.Do("logs", name).Output == "ready\n", "it is ready");

        can.Fails(1, "stop", "-s", "NONSENSE", name);
        can.Do("stop", "--signal", "USR1", name);

        Assert.Equal("8", can.Do("wait", name).Line);
        can.Do("rm", name);
    }

    [RootFact]
    public void Lists_know_what_was_made_before_and_since_and_what_is_exposed()
    {
        var (first, second) = (can.NewName("older"), can.NewName("newer"));
        can.Do("create", "--name", first, "--expose", "7070", "--net", "none", CliRoot.Busybox);
        can.Do("create", "--name", second, "--net", "none", CliRoot.Busybox);
        string Names(params string[] filter) => string.Join(' ', can.Do(["ps", "-a", "--format", "{{.Names}}", .. filter]).Lines.Where(name => name == first || name == second));

        Assert.Equal(second, Names("--filter", $"since={first}"));
        Assert.Equal(first, Names("--filter", $"before={second}"));
        Assert.Equal(first, Names("--filter", "expose=7070"));
        Assert.Equal("", Names("--filter", "publish=7070/tcp"));
        Assert.Contains("no container", can.Run("ps", "--filter", "since=nosuch", "-a").Error, StringComparison.Ordinal);
        can.Do("rm", first, second);
    }

    [RootFact]
    public void Inspect_finds_networks_and_volumes_as_well()
    {
        var name = can.NewName("thing");
        can.Do("volume", "create", "-d", "local", name);

        Assert.Equal(name, can.Do("inspect", "-f", "{{.Name}}", name).Line);
        can.Do("network", "create", name);
        Assert.Equal("bridge local", $"{can.Do("inspect", "-f", "{{.Driver}}", name).Line} {can.Do("inspect", "--type", "volume", "-f", "{{.Driver}}", name).Line}");
        Assert.Contains("There is no container", can.Run("inspect", "--type", "container", name).Error, StringComparison.Ordinal);
        Assert.Contains("no volume", can.Run("inspect", "--type=volume", CliRoot.Busybox).Error, StringComparison.Ordinal);
        Assert.Contains("no type 'pod'", can.Fails(1, "inspect", "--type", "pod", name), StringComparison.Ordinal);
        can.Do("network", "remove", name);
        can.Do("volume", "remove", name);
    }

    [RootTheory]
    [InlineData("container", "ls", "list", "ps")]
    [InlineData("image", "ls", "list")]
    [InlineData("network", "ls", "list")]
    [InlineData("volume", "ls", "list")]
    public void Docker_s_other_words_mean_the_same(string noun, string verb, params string[] aliases) =>
        Assert.All(aliases, alias => Assert.Equal(can.Do(noun, verb, "-q").Output, can.Do(noun, alias, "-q").Output));

    [RootFact]
    public void Archives_go_in_and_out_through_pipes()
    {
        var name = Sleeper();
        can.Files.Shell("mkdir -p site/sub; echo text > site/sub/page; chown 5:6 site/sub/page; ln -s /etc site/link");

        Assert.Equal("", can.Execute("", "sh", "-c", $"tar -C {can.Files.Path} -cz site | {CliRoot.Executable} cp - {name}:/tmp").Error);
        Assert.Equal("5:6 text", can.Do("exec", name, "sh", "-c", "echo $(stat -c %u:%g /tmp/site/sub/page) $(cat /tmp/site/sub/page)").Line);
        Assert.Equal(["site/", "site/link", "site/sub/", "site/sub/page"], can.Execute("", "sh", "-c", $"{CliRoot.Executable} cp {name}:/tmp/site - | tar t").Lines);
        can.Do("stop", "-t", "0", name);
        Assert.Equal("text", can.Execute("", "sh", "-c", $"{CliRoot.Executable} cp {name}:/tmp/site/sub/page - | tar xO").Line);

        Assert.Contains("neither a tar archive", can.Feed("text", "cp", "-", $"{name}:/tmp").Error, StringComparison.Ordinal);
        Assert.Contains("is no directory", can.Feed("", "cp", "-", $"{name}:/tmp/site/sub/page").Error, StringComparison.Ordinal);
        Assert.Contains("no '", can.Fails(1, "cp", $"{name}:/nosuch", "-"), StringComparison.Ordinal);
        Assert.Contains("one archive", can.Fails(1, "cp", "-", "/etc/hostname", $"{name}:/tmp"), StringComparison.Ordinal);
        can.Fails(1, "cp", "-", "-");
        can.Do("rm", "-f", name);
    }

    [RootFact]
    public void A_new_name_and_new_limits_hold_at_once()
    {
        var name = Sleeper("-m", "64m");
        var other = can.NewName();

        can.Do("rename", name, other);
        Assert.Equal(other, can.Do("update", "-m", "96m", "--restart", "on-failure:2", other).Line);
        Assert.Equal($"{96 << 20} on-failure", can.Do("inspect", "-f", "{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}", other).Line);
        can.Fails(1, "update", "-m", "1m", other);
        can.Fails(1, "rename", name, "x1");
        can.Do("rm", "-f", other);
    }

    [RootFact]
    public void Processes_and_their_use_are_shown()
    {
        var name = Sleeper();

        Assert.Contains(name, can.Do("stats", "--no-stream", name).Output, StringComparison.Ordinal);
        using var sample = JsonDocument.Parse(can.Do("stats", "--no-stream", "--format", "json", name).Line);
        Assert.EndsWith("%", sample.RootElement.GetProperty("CPUPerc").GetString(), StringComparison.Ordinal);
        using var first = JsonDocument.Parse(can.Do("top", "--format", "json", name).Lines[0]);
        Assert.Equal("1", first.RootElement.GetProperty("ContainerPID").GetString());
        can.Do("stop", name);
        Assert.Contains("can start", can.Run("stats", "--no-stream", name).Error, StringComparison.Ordinal);
        can.Do("rm", name);
    }

    [RootFact]
    public void The_plan_of_a_start_is_shown_and_nothing_is_made()
    {
        var steps = can.Do("plan", "--net", "none", "-m", "64m", CliRoot.Busybox, "sleep", "5");

        Assert.Contains(steps.Lines, static line => line.Contains("execute sleep", StringComparison.Ordinal));
        Assert.Equal("", can.Do("ps", "-aq").Output);
    }

    [RootFact]
    public void Of_several_the_others_are_done_when_one_fails()
    {
        var name = Sleeper();

        var result = can.Run("stop", "nosuch", name);

        Assert.Equal((1, name), (result.Code, result.Line));
        Assert.StartsWith("can: There is no container named 'nosuch'", result.Error, StringComparison.Ordinal);
        can.Do("rm", name);
    }
}
