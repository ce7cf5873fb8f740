namespace Can.Cli.Tests;

/// <summary>What the shells are told fits, and what bash makes of it.</summary>
public sealed class CompletionTests(CliRoot can) : IClassFixture<CliRoot>
{
    [RootTheory]
    [InlineData("im", "image|images|import")]
    [InlineData("network ", "connect|create|disconnect|inspect|ls|prune|rm")]
    [InlineData("network c", "connect|create")]
    [InlineData("rmi --", "--force|--help")]
    [InlineData("rmi bu", "busybox:latest")]
    [InlineData("rmi -f bu", "busybox:latest")]
    [InlineData("save -o out bu", "busybox:latest")]
    [InlineData("save -o ", ":files")]
    [InlineData("save --format oci", "oci-archive|oci-dir")]
    [InlineData("save --format=oci-a", "--format=oci-archive")]
    [InlineData("pull --tls-verify ", "false|true")]
    [InlineData("completion ", "bash|zsh")]
    [InlineData("images --filter ", "")]
    [InlineData("nosuch ", "")]
    [InlineData("network nosuch ", "")]
    [InlineData("version ", "")]
    [InlineData("volume inspect da", "data")]
    [InlineData("network rm w", "web")]
    [InlineData("inspect bu", "busybox:latest")]
    public void The_command_knows_what_fits(string line, string expected)
    {
        Prepare();

        var lines = can.Do(["__complete", .. line.Split(' ')]).Lines.Select(static text => text.Split('\t')[0]);

        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), lines.Order(StringComparer.Ordinal));
    }

    [RootFact]
    public void Candidates_come_with_a_description() => Assert.Contains("images\tList images", can.Do("__complete", "imag").Lines);

    [RootTheory]
    [InlineData("can im", "image images import")]
    [InlineData("can rmi busy", "busybox:latest")]
    [InlineData("can rmi busybox:", "latest")]
    [InlineData("can rmi busybox:la", "latest")]
    [InlineData("can save --format=oci-a", "oci-archive")]
    [InlineData("can network inspect ", "can0 web")]
    [InlineData("can load -i /etc/host", "/etc/host.conf /etc/hostname /etc/hosts")]
    public void Bash_completes(string line, string expected)
    {
        Prepare();

        Assert.Equal(expected, Bash(line));
    }

    [RootFact]
    public void What_stands_behind_the_cursor_does_not_count() => Assert.Equal("rm rmi", Bash("can rm busybox", "can rm".Length));

    [ZshFact]
    public void Zsh_completes()
    {
        Prepare();
        using var terminal = new Terminal(can.Wrap("zsh", "-f", "-i"), new Dictionary<string, string> { ["CAN_ROOT"] = can.Root, ["TERM"] = "dumb", ["PS1"] = "> " }, rows: 60, columns: 150);
        terminal.Type($"PATH={Path.GetDirectoryName(CliRoot.Executable)}:$PATH; autoload -Uz compinit && compinit -u -D && source <(can completion zsh); print lo''aded\n", "loaded");

        terminal.Type("can rmi bu\t", "busybox:latest");
        terminal.Type("\u0015can save --format=oci-a\t", "--format=oci-archive");
        terminal.Type("\u0015can imag\t\t", "List images");
        terminal.Type("\u0015can network inspect w\t", "web");
        terminal.Type("\u0015can load -i /etc/hostn\t", "/etc/hostname");
        terminal.Type("\u0015exit\n");

        _ = terminal.WaitForExit();
    }

    private void Prepare()
    {
        _ = can.Run("network", "create", "web");
        _ = can.Run("volume", "create", "data");
    }

    // With the variables that bash sets; its words are split at ':' and '=' too, which the script must not take for real.
    private string Bash(string line, int? cursor = null)
    {
        const string Script = """
            compopt() { :; }
            PATH=$(dirname "$1"):$PATH
            source <("$1" completion bash)
            COMP_LINE=$2 COMP_POINT=$3
            IFS=' :=' read -ra COMP_WORDS <<<"${COMP_LINE:0:COMP_POINT}"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _can
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var result = can.Execute("", "bash", "-c", Script, "bash", CliRoot.Executable, line, $"{cursor ?? line.Length}");
        Assert.Equal((0, ""), (result.Code, result.Error));
        var lines = result.Lines.Order(StringComparer.Ordinal);
        return string.Join(' ', line.Contains("/etc/host", StringComparison.Ordinal) ? lines.Where(static text => text is "/etc/host.conf" or "/etc/hostname" or "/etc/hosts") : lines);
    }
}

/// <summary>A test with zsh; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ZshFactAttribute : FactAttribute
{
    public ZshFactAttribute() => Skip = !Environment.IsPrivilegedProcess ? "needs root"
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists($"{folder}/zsh")) ? null : "zsh is not installed";
}
