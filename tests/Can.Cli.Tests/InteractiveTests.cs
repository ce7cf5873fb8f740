namespace Can.Cli.Tests;

/// <summary>What people do at a terminal, done at one.</summary>
public sealed class InteractiveTests(CliRoot can) : IClassFixture<CliRoot>
{
    private const string ControlC = "\u0003";
    private const string ControlD = "\u0004";
    private const string Detach = "\u0010\u0011";

    [RootFact]
    public void A_shell_is_typed_to_and_its_exit_code_comes_back()
    {
        using var terminal = Open("run", "-ti", "--rm", "busybox", "sh");

        terminal.Type("echo $((6*7))\n", "42");
        terminal.Type("tty\n", "/dev/pts/0");
        terminal.Type("exit 7\n");

        Assert.Equal(7, terminal.WaitForExit());
    }

    [RootFact]
    public void End_of_input_ends_a_shell()
    {
        using var terminal = Open("run", "-ti", "--rm", "busybox", "sh");
        terminal.Type("echo rea''dy\n", "ready");

        terminal.Type(ControlD);

        Assert.Equal(0, terminal.WaitForExit());
    }

    [RootFact]
    public void The_window_s_size_follows()
    {
        using var terminal = Open("run", "-ti", "--rm", "busybox", "sh");

        terminal.Type("stty size\n", "24 80");
        terminal.Resize(31, 117);
        terminal.Type("while [ \"$(stty size)\" != '31 117' ]; do sleep 0.1; done; echo follo''wed\n", "followed");
        terminal.Type("exit\n");

        Assert.Equal(0, terminal.WaitForExit());
    }

    [RootFact]
    public void Control_C_is_for_the_program_in_the_container()
    {
        using var terminal = Open("run", "-ti", "--rm", "busybox", "sh");
        terminal.Type("trap 'echo caug''ht' INT; echo rea''dy\n", "ready");

        terminal.Type("sleep 1000\n");
        CliRoot.Eventually(() => can.Run("ps", "-q").Lines.Any(id => can.Run("top", id).Output.Contains("sleep 1000", StringComparison.Ordinal)), "it sleeps");
        terminal.Type(ControlC, "caught");
        terminal.Type("exit 3\n");

        Assert.Equal(3, terminal.WaitForExit());
    }

    [RootFact]
    public void One_detaches_and_comes_back()
    {
        var name = can.NewName();
        using (var first = Open("run", "-ti", "--name", name, "busybox", "sh"))
        {
            first.Type("kept=yes; echo rea''dy\n", "ready");
            first.Type(Detach);
            Assert.Equal(0, first.WaitForExit());
        }

        Assert.Equal(name, can.Do("ps", "--filter", $"name={name}", "--format", "{{.Names}}").Line);
        using var second = Open("attach", name);
        second.Type("echo kept=$kept\n", "kept=yes");
        second.Type("exit 5\n");

        Assert.Equal(5, second.WaitForExit());
        Assert.Equal("5", can.Do("inspect", "-f", "{{.State.ExitCode}}", name).Line);
        can.Do("rm", name);
    }

    [RootFact]
    public void Exec_at_a_terminal_is_a_second_shell()
    {
        var name = can.NewName();
        can.Do("run", "-d", "--name", name, "busybox", "sleep", "1000");

        using (var terminal = Open("exec", "-ti", name, "sh"))
        {
            terminal.Type("echo $((6*7)); [ -t 0 ] && echo termi''nal\n", "terminal");
            terminal.Type("exit 9\n");
            Assert.Equal(9, terminal.WaitForExit());
        }

        can.Do("rm", "-f", name);
    }

    [RootFact]
    public void A_password_is_asked_for_and_not_shown()
    {
        using var terminal = Open("login", "localhost:1");

        terminal.Await("User name: ");
        terminal.Type("me\n", "Password: ");
        terminal.Type("secret\n", "cannot be reached");

        Assert.Equal(1, terminal.WaitForExit());
        Assert.DoesNotContain("secret", terminal.Text, StringComparison.Ordinal);
    }

    [RootFact]
    public void Progress_is_a_bar_that_goes_away()
    {
        using var terminal = Open("save", "-o", can.Files["bar.tar"], "busybox");

        Assert.Equal(0, terminal.WaitForExit());
        Assert.EndsWith("\e[J", terminal.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Writing: ", terminal.Text, StringComparison.Ordinal);
    }

    [RootFact]
    public void An_archive_is_not_written_to_a_terminal_nor_read_from_one()
    {
        using var save = Open("save", "busybox");
        using var load = Open("load");

        Assert.Equal((1, 1), (save.WaitForExit(), load.WaitForExit()));
        save.Await("-o FILE");
        load.Await("-i FILE");
    }

    [RootFact]
    public void Control_C_ends_a_load_at_once()
    {
        // A pipe that nobody writes to: the load can only wait.
        using var terminal = new Terminal(can.Wrap("sh", "-c", $"sleep 1000 | '{CliRoot.Executable}' load"), Variables());
        CliRoot.Eventually(() => Directory.Exists($"{can.Root}/lib/staging") || terminal.Text.Length > 0 || LoadRuns(), "it waits");

        terminal.Type(ControlC);

        Assert.NotEqual(0, terminal.WaitForExit());
    }

    private static bool LoadRuns() => Directory.EnumerateDirectories("/proc").Any(static path =>
    {
        try
        {
            return File.ReadAllText($"{path}/cmdline") == $"{CliRoot.Executable}\0load\0";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private Dictionary<string, string> Variables() => new() { ["CAN_ROOT"] = can.Root, ["TERM"] = "xterm" };

    private Terminal Open(params string[] words) => new(can.Wrap([CliRoot.Executable, .. words]), Variables());
}
