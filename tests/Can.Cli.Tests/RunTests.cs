namespace Can.Cli.Tests;

/// <summary><c>run</c>: streams, exit codes, errors, and what belongs to the command.</summary>
public sealed class RunTests(CliRoot can) : IClassFixture<CliRoot>
{
    private CliResult RunIn(params string[] words) => can.Run(["run", "--rm", "--net", "none", CliRoot.Busybox, .. words]);

    [RootFact]
    public void Output_and_error_output_stay_apart_and_the_exit_code_is_the_commands()
    {
        var result = RunIn("sh", "-c", "echo out; echo err >&2; exit 7");

        Assert.Equal(new CliResult(7, "out\n", "err\n"), result);
        Assert.Equal("", can.Do("ps", "-aq").Output);
    }

    [RootFact]
    public void Nothing_stays_in_the_directory_for_temporary_files()
    {
        var temporary = Directory.CreateDirectory(can.Files["tmp"]).FullName;
        var seen = can.Execute("", "env", $"TMPDIR={temporary}", "DOTNET_EnableDiagnostics=1", CliRoot.Executable, "run", "--rm", "--net", "none", "-v", $"{temporary}:/seen", CliRoot.Busybox, "ls", "/seen");

        Assert.Contains("dotnet-diagnostic-", seen.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
    }

    [RootFact]
    public void Bytes_pass_as_they_are()
    {
        var result = can.Execute("", "sh", "-c", $"{CliRoot.Executable} run --rm --net none {CliRoot.Busybox} cat /bin/busybox | cmp - {can.Files["busybox"]}/bin/busybox && echo same");

        Assert.Equal("same\n", result.Output);
    }

    [RootFact]
    public void Standard_input_is_for_those_who_ask_for_it()
    {
        Assert.Equal("hello", can.Feed("hello", "run", "--rm", "-i", "--net", "none", CliRoot.Busybox, "cat").Output);
        Assert.Equal("", can.Feed("hello", "run", "--rm", "--net", "none", CliRoot.Busybox, "cat").Output);
    }

    [RootFact]
    public void What_follows_the_image_is_the_commands()
    {
        Assert.Equal("--name --help -- x", RunIn("echo", "-n", "--name", "--help", "--", "x").Output);
        Assert.Contains("/bin/busybox", RunIn("ls", "-l", "/bin/sh").Output, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData(127, "nosuch")]
    [InlineData(126, "/etc")]
    [InlineData(137, "sh", "-c", "sh -c 'kill -9 $$'; exit $?")]
    public void Exit_codes_tell_what_became_of_the_command(int code, params string[] command) =>
        Assert.Equal(code, RunIn(command).Code);

    [RootTheory]
    [InlineData("there is no option --nosuch", "run", "--nosuch", "busybox")]
    [InlineData("--memory", "run", "-m", "much", "busybox")]
    [InlineData("--volume needs a value", "run", "--volume")]
    [InlineData("Required argument", "run")]
    [InlineData("'can images'", "run", "--pull", "never", "nosuchimage")]
    [InlineData("too small", "run", "-m", "1m", "--net", "none", "busybox", "true")]
    [InlineData("is not a valid", "run", "--name", "-", "--net", "none", "busybox", "true")]
    [InlineData("removed when it ends", "run", "-d", "--rm", "--restart", "always", "--net", "none", "busybox", "true")]
    public void Errors_are_one_line_and_125(string says, params string[] arguments)
    {
        Assert.Contains(says, can.Fails(125, arguments), StringComparison.Ordinal);
        Assert.Equal("", can.Do("ps", "-aq").Output);
    }

    [RootFact]
    public void Options_reach_the_container()
    {
        var result = can.Do(
            "run", "--rm", "--net", "none", "-eA=1", "-e", "B=x=y", "-w", "/tmp", "-u", "nobody", "-h", "box", "--tmpfs", "/scratch:size=1m", "--read-only",
            "--ulimit", "nofile=64", "--cap-drop", "ALL", "--init", "-m64m", CliRoot.Busybox,
            "sh", "-c", "echo $A $B; pwd; id -un; hostname; df -k /scratch | tail -1 | awk '{print $2}'; touch /x 2>&1; ulimit -n; grep CapEff /proc/self/status");

        Assert.Equal(["1 x=y", "/tmp", "nobody", "box", "1024", "touch: /x: Read-only file system", "64", "CapEff:\t0000000000000000"], result.Lines);
    }

    [RootFact]
    public void Shared_memory_and_kernel_settings_are_the_containers_own()
    {
        var result = can.Do(
            "run", "--rm", "--net", "none", "--shm-size", "1m", "--sysctl", "net.core.somaxconn=77", "--sysctl", "kernel.shmmni=99", "--sysctl", "kernel.domainname=example",
            CliRoot.Busybox,
            "sh", "-c", "df -k /dev/shm | tail -1 | awk '{print $2}'; grep ' /dev/shm ' /proc/mounts | grep -o 'nosuid,nodev,noexec'; cat /proc/sys/net/core/somaxconn /proc/sys/kernel/shmmni /proc/sys/kernel/domainname");

        Assert.Equal(["1024", "nosuid,nodev,noexec", "77", "99", "example"], result.Lines);
        Assert.Contains("kernel.panic=1", can.Fails(125, "run", "--rm", "--sysctl", "kernel.panic=1", "--net", "none", CliRoot.Busybox, "true"), StringComparison.Ordinal);
        Assert.Contains("--sysctl net.core.somaxconn", can.Fails(125, "run", "--rm", "--sysctl", "net.core.somaxconn=5", "--net", "host", CliRoot.Busybox, "true"), StringComparison.Ordinal);
    }

    [RootFact]
    public void A_quota_is_processors_in_other_words()
    {
        var id = can.Do("create", "--cpu-quota", "25000", "--cpu-period", "50000", "--net", "none", CliRoot.Busybox, "true").Line;

        Assert.Equal("500000000", can.Do("inspect", "-f", "{{.HostConfig.NanoCpus}}", id).Line);
        can.Do("rm", id);
        Assert.Contains("exclude each other", can.Fails(125, "run", "--cpus", "1", "--cpu-quota", "50000", CliRoot.Busybox), StringComparison.Ordinal);
        Assert.Contains("needs --cpu-quota", can.Fails(125, "run", "--cpu-period", "50000", CliRoot.Busybox), StringComparison.Ordinal);
    }

    [RootFact]
    public void Variables_come_from_files_and_from_here()
    {
        File.WriteAllText(can.Files["list"], "ONE=1\n# a comment\nTWO=file\n");

        var result = can.Execute("", "env", "FROM_HERE=here", CliRoot.Executable, "run", "--rm", "--net", "none", "--env-file", can.Files["list"], "-e", "TWO=2", "-e", "FROM_HERE", CliRoot.Busybox, "sh", "-c", "echo $ONE $TWO $FROM_HERE");

        Assert.Equal("1 2 here", result.Line);
    }

    [RootFact]
    public void Directories_are_mounted_by_absolute_and_relative_paths()
    {
        Directory.CreateDirectory(can.Files["data"]);
        File.WriteAllText(can.Files["data/file"], "text");

        Assert.Equal("text", can.Do("run", "--rm", "--net", "none", "-v", $"{can.Files["data"]}:/data:ro", CliRoot.Busybox, "cat", "/data/file").Output);
        Assert.Equal("text", can.Execute("", "sh", "-c", $"cd {can.Files.Path} && {CliRoot.Executable} run --rm --net none -v ./data:/data {CliRoot.Busybox} cat /data/file").Output);
        Assert.Equal("text", can.Do("run", "--rm", "--net", "none", "--mount", $"type=bind,source={can.Files["data"]},target=/data,readonly", CliRoot.Busybox, "cat", "/data/file").Output);
    }

    [RootFact]
    public void A_file_gets_the_id_and_is_never_overwritten()
    {
        var file = can.Files[can.NewName("id")];

        var id = can.Do("run", "-d", "--cidfile", file, "--net", "none", CliRoot.Busybox, "true").Line;

        Assert.Equal(id, File.ReadAllText(file));
        Assert.Contains(file, can.Fails(125, "run", "--cidfile", file, "--net", "none", CliRoot.Busybox, "true"), StringComparison.Ordinal);
        can.Do("wait", id);
        can.Do("rm", id);
    }

    [RootFact]
    public void One_that_nobody_keeps_goes_by_itself_and_gives_its_name_back()
    {
        var name = can.NewName();
        can.Do("run", "-d", "--rm", "--name", name, "--net", "none", CliRoot.Busybox, "true");

        CliRoot.Eventually(() => can.Do("ps", "-aq", "--filter", $"name={name}").Output.Length == 0, "it is gone");
        can.Do("run", "-d", "--rm", "--name", name, "--net", "none", CliRoot.Busybox, "sleep", "1000");
        Assert.Equal("true", can.Do("inspect", "-f", "{{.HostConfig.AutoRemove}}", name).Line);
        can.Do("stop", "-t", "0", name);
        Assert.Contains(name, can.Fails(1, "start", name), StringComparison.Ordinal);
    }

    [RootFact]
    public void Without_rm_it_is_kept()
    {
        var name = can.NewName();

        Assert.Equal(3, can.Run("run", "--name", name, "--net", "none", CliRoot.Busybox, "sh", "-c", "exit 3").Code);
        Assert.Contains("Exited (3)", can.Do("ps", "-a", "--filter", $"name={name}", "--format", "{{.Status}}").Line, StringComparison.Ordinal);
        can.Do("rm", name);
    }

    [RootFact]
    public void Signals_reach_the_command()
    {
        var name = can.NewName();
        var script = $"{CliRoot.Executable} run --rm --name {name} --net none {CliRoot.Busybox} sh -c 'trap \"exit 9\" TERM; echo ready; while :; do sleep 0.1; done' >{can.Files[name]} & "
            + $"until grep -q ready {can.Files[name]}; do sleep 0.1; done; kill -TERM $!; wait $!; echo $?";

        Assert.Equal("9\n", can.Execute("", "sh", "-c", script).Output);
        Assert.Equal("", can.Do("ps", "-aq", "--filter", $"name={name}").Output);
    }

    [RootFact]
    public void A_container_in_the_foreground_can_be_stopped_by_another_command()
    {
        var name = can.NewName();
        var script = $"{CliRoot.Executable} run --rm --name {name} --net none {CliRoot.Busybox} sh -c 'trap \"exit 5\" TERM; echo ready; while :; do sleep 0.1; done' >{can.Files[name]} & "
            + $"until grep -q ready {can.Files[name]}; do sleep 0.1; done; {CliRoot.Executable} stop {name}; wait $!; echo $?";

        Assert.Equal([name, "5"], can.Execute("", "sh", "-c", script).Lines);
    }

    [RootFact]
    public void A_reader_that_has_seen_enough_ends_the_container()
    {
        var name = can.NewName();

        var result = can.Execute("", "sh", "-c", $"{{ {CliRoot.Executable} run --rm --name {name} --net none {CliRoot.Busybox} yes; echo $? >&2; }} | head -1");

        Assert.Equal(new CliResult(0, "y\n", "141\n"), result);
        Assert.Equal("", can.Do("ps", "-aq", "--filter", $"name={name}").Output);
    }

    [RootFact]
    public void The_default_network_gives_it_an_address_and_ports()
    {
        var id = can.Do("run", "-d", "-p", "8080:80", CliRoot.Busybox, "sleep", "1000").Line;

        Assert.Equal("80/tcp -> 127.0.0.1:8080", can.Do("port", id).Line);
        Assert.Equal("127.0.0.1:8080", can.Do("port", id, "80").Line);
        Assert.Contains("not published", can.Fails(1, "port", id, "81"), StringComparison.Ordinal);
        Assert.Contains(can.Do("inspect", "-f", "{{.NetworkSettings.IPAddress}}", id).Line, can.Do("exec", id, "ip", "-4", "addr").Output, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:8080->80/tcp", can.Do("ps").Output, StringComparison.Ordinal);
        can.Do("rm", "-f", id);
    }

    [RootFact]
    public void Templates_that_scripts_have_for_Docker_find_addresses_ports_and_labels()
    {
        var (first, second) = (can.NewName("a"), can.NewName("b"));
        can.Do("network", "create", "--subnet", "10.72.1.0/24", first);
        can.Do("network", "create", "--subnet", "10.72.2.0/24", second);
        var id = can.Do("run", "-d", "--net", first, "--ip", "10.72.1.7", "-p", "8081:80", "--label", "com.example=yes", CliRoot.Busybox, "sleep", "1000").Line;

        string Inspect(string template) => can.Do("inspect", "-f", template, id).Output;
        Assert.Equal("10.72.1.7\n", Inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"));
        Assert.Contains(" 10.72.1.7/24 ", can.Do("exec", id, "ip", "-4", "addr").Output, StringComparison.Ordinal);
        Assert.Equal("8081\n", Inspect("{{(index .NetworkSettings.Ports \"80/tcp\" 0).HostPort}}"));
        Assert.Equal("sleep 1000 yes, no check\n", Inspect("{{.Path}} {{index .Args 0}} {{index .Config.Labels \"com.example\"}}, {{if .State.Health}}checked{{else}}no check{{end}}"));

        can.Do("network", "connect", "--ip", "10.72.2.8", second, id);
        Assert.Equal($"{first}=10.72.1.7 {second}=10.72.2.8 \n", Inspect("{{range $name, $net := .NetworkSettings.Networks}}{{$name}}={{$net.IPAddress}} {{end}}"));
        can.Do("rm", "-f", id);
        Assert.Contains("'range' without {{end}}", can.Fails(1, "network", "inspect", "-f", "{{range .Labels}}", first), StringComparison.Ordinal);
        can.Do("network", "rm", first, second);
    }

    [RootFact]
    public void Every_exposed_port_is_published_when_that_is_asked_for()
    {
        can.Do("import", "-q", "-c", "EXPOSE 80 53/udp", can.Archive, "exposing");

        var id = can.Do("run", "-d", "-P", "--expose", "9000-9001", "-p", "127.0.0.1:8090:80", "exposing", "sleep", "1000").Line;

        var ports = can.Do("port", id).Lines;
        Assert.Equal(["53/udp", "80/tcp", "9000/tcp", "9001/tcp"], ports.Select(static line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Equal("127.0.0.1:8090", can.Do("port", id, "80").Line);
        Assert.Matches("^127\\.0\\.0\\.1:[1-9][0-9]+$", can.Do("port", id, "53/udp").Line);
        Assert.Equal(4, ports.Select(static line => line.Split(':')[1]).Distinct().Count());
        Assert.Contains("->9001/tcp", can.Do("ps", "--format", "{{.Ports}}").Line, StringComparison.Ordinal);
        Assert.Contains("--publish-all", can.Fails(125, "run", "-P", "--net", "none", CliRoot.Busybox, "true"), StringComparison.Ordinal);
        Assert.Contains("'0' is not a valid exposed port", can.Fails(125, "run", "--expose", "0", CliRoot.Busybox, "true"), StringComparison.Ordinal);
        can.Do("rm", "-f", id);
    }

    [RootTheory]
    [InlineData("out\n", "", "-a", "stdout")]
    [InlineData("", "err\n", "--attach", "STDERR")]
    [InlineData("out\n", "err\n", "-a=stderr", "-astdout")]
    public void Only_the_streams_that_are_asked_for_are_attached(string output, string error, params string[] options)
    {
        var name = can.NewName("attached");

        var result = can.Run(["run", .. options, "--name", name, "--net", "none", CliRoot.Busybox, "sh", "-c", "echo out; echo err >&2; exit 3"]);

        Assert.Equal(new CliResult(3, output, error), result);
        var log = can.Do("logs", name);
        Assert.Equal(("out\n", "err\n"), (log.Output, log.Error));
        can.Do("rm", name);
    }

    [RootFact]
    public void With_standard_input_alone_it_goes_on_in_the_background()
    {
        var name = can.NewName("fed");
        var text = new string('x', 300_000);

        var result = can.Feed(text, "run", "-i", "-a", "stdin", "--name", name, "--net", "none", CliRoot.Busybox, "sh", "-c", "wc -c; exec sleep 1000");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(can.Do("inspect", "-f", "{{.Id}}", name).Line, result.Line);
        CliRoot.Eventually(() => can.Do("logs", name).Output == "300000\n", "all of it has come");
        Assert.Equal("running", can.Do("inspect", "-f", "{{.State.Status}}", name).Line);
        can.Do("rm", "-f", name);
    }

    [RootTheory]
    [InlineData("exclude each other", "-d", "-a", "stdout")]
    [InlineData("'all' is no stream", "-a", "all")]
    [InlineData("needs --interactive", "-a", "stdin")]
    public void Streams_that_cannot_be_attached_are_refused(string says, params string[] options) =>
        Assert.Contains(says, can.Fails(125, ["run", .. options, "--net", "none", CliRoot.Busybox, "true"]), StringComparison.Ordinal);

    [RootFact]
    public void A_terminal_is_only_joined_where_there_is_one() =>
        Assert.Contains("not a terminal", can.Fails(125, "run", "--rm", "-ti", "--net", "none", CliRoot.Busybox, "sh"), StringComparison.Ordinal);
}
