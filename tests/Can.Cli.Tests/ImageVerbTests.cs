using System.Text.Json;

namespace Can.Cli.Tests;

/// <summary>Verbs about images, as people and scripts use them.</summary>
public sealed class ImageVerbTests : IDisposable
{
    private readonly CliRoot can = new();

    public void Dispose() => can.Dispose();

    [RootFact]
    public void Images_lists_a_line_for_each_reference()
    {
        can.Do("tag", "busybox", "team/shell:1", "localhost:5000/shell");

        var lines = can.Do("images").Lines;

        Assert.Equal(["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"], Columns(lines[0]));
        Assert.Equal([("busybox", "latest"), ("localhost:5000/shell", "latest"), ("team/shell", "1")], lines[1..].Select(line => (Columns(line)[0], Columns(line)[1])));
        Assert.Equal(["team/shell"], can.Do("images", "--format", "{{.Repository}}", "team/*").Lines);
        Assert.Equal(["busybox:latest"], can.Do("images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", "reference=busybox:l*").Lines);
        Assert.Equal(["busybox"], can.Do("image", "ls", "--format", "{{.Repository}}", "busybox").Lines);
    }

    [RootFact]
    public void Images_gives_ids_digests_and_json()
    {
        var json = JsonDocument.Parse(can.Do("images", "--format", "json", "--no-trunc").Line).RootElement;

        var id = json.GetProperty("ID").GetString()!;
        Assert.Matches("^sha256:[0-9a-f]{64}$", id);
        Assert.Equal(id["sha256:".Length..][..12], can.Do("images", "-q").Line);
        Assert.Contains(json.GetProperty("Digest").GetString()!, can.Do("images", "--digests").Output, StringComparison.Ordinal);
    }

    [RootFact]
    public void An_image_without_a_reference_is_dangling_and_pruned()
    {
        can.Do("untag", "busybox");

        Assert.Equal(["<none>"], can.Do("images", "--filter", "dangling=true", "--format", "{{.Repository}}").Lines);
        Assert.Empty(can.Do("images", "--filter", "dangling=false", "-q").Lines);
        Assert.Contains("Total reclaimed space:", can.Do("image", "prune", "-f").Output, StringComparison.Ordinal);
        Assert.Empty(can.Do("images", "-q").Lines);
    }

    [RootFact]
    public void Nothing_is_pruned_without_a_yes()
    {
        can.Do("untag", "busybox");

        Assert.Equal(1, can.Feed("n\n", "image", "prune").Code);
        Assert.Equal(1, can.Feed("", "image", "prune").Code);
        Assert.Single(can.Do("images", "-q").Lines);
        Assert.Equal(0, can.Feed("y\n", "image", "prune").Code);
        Assert.Empty(can.Do("images", "-q").Lines);
    }

    [RootFact]
    public void Rmi_takes_the_last_reference_with_the_image()
    {
        var id = can.Do("images", "-q", "--no-trunc").Line;
        can.Do("tag", "busybox", "other");

        Assert.Equal(["Untagged: other:latest"], can.Do("rmi", "other").Lines);
        can.Do("tag", "busybox", "other");
        Assert.Contains("several references", can.Fails(1, "rmi", id), StringComparison.Ordinal);
        Assert.Equal(["Untagged: busybox:latest", "Untagged: other:latest", $"Deleted: {id}"], can.Do("rmi", "-f", id).Lines);
        Assert.Empty(can.Do("images", "-q").Lines);
    }

    [RootFact]
    public void Rmi_says_which_image_is_missing_and_removes_the_others()
    {
        var result = can.Run("rmi", "nosuch", "busybox");

        Assert.Equal(1, result.Code);
        Assert.Contains("'nosuch'", result.Error, StringComparison.Ordinal);
        Assert.Contains("can pull", result.Error, StringComparison.Ordinal);
        Assert.Contains("Deleted:", result.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (can.Run("rmi", "-f", "nosuch").Code, can.Run("rmi", "-f", "nosuch").Output));
    }

    [RootTheory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    [InlineData("oci-dir")]
    public void What_save_writes_load_reads(string format)
    {
        var id = can.Do("images", "-q", "--no-trunc").Line;
        can.Do("save", "--format", format, "-o", can.Files["saved"], "busybox");
        can.Do("rmi", "busybox");

        Assert.Equal("Loaded image: busybox:latest", can.Do("load", "-i", can.Files["saved"]).Line);
        Assert.Equal(id, can.Do("images", "-q", "--no-trunc").Line);
    }

    [RootFact]
    public void Save_and_load_work_in_a_pipe()
    {
        var piped = can.Execute("", "sh", "-ec", $"'{CliRoot.Executable}' save busybox | gzip > '{can.Files["saved.gz"]}'; '{CliRoot.Executable}' rmi busybox > /dev/null; '{CliRoot.Executable}' load < '{can.Files["saved.gz"]}'");

        Assert.Equal((0, "Loaded image: busybox:latest"), (piped.Code, piped.Output.Trim()));
    }

    [RootFact]
    public void Save_replaces_a_file_but_a_directory_only_by_force()
    {
        can.Do("save", "-o", can.Files["saved"], "busybox");
        can.Do("save", "-o", can.Files["saved"], "busybox");
        can.Do("save", "--format", "oci-dir", "-o", can.Files["layout"], "busybox");

        Assert.Contains("exists", can.Fails(1, "save", "-q", "--format", "oci-dir", "-o", can.Files["layout"], "busybox"), StringComparison.Ordinal);
        can.Do("save", "-f", "--format", "oci-dir", "-o", can.Files["layout"], "busybox");
        Assert.Contains("-o DIRECTORY", can.Fails(1, "save", "--format", "oci-dir", "busybox"), StringComparison.Ordinal);
        Assert.Contains("docker-archive, oci-archive and oci-dir", can.Fails(1, "save", "--format", "zip", "busybox"), StringComparison.Ordinal);
    }

    [RootFact]
    public void Import_makes_an_image_of_a_root()
    {
        can.Do("import", "-q", "--cmd", "ls", "--cmd", "-l", "-e", "A=1", "-l", "kind=test", "-u", "nobody", "-w", "/tmp", can.Archive, "made:1");

        Assert.Equal(
            """["ls","-l"] ["A=1"] {"kind":"test"} nobody /tmp""",
            can.Do("image", "inspect", "-f", "{{json .Config.Cmd}} {{json .Config.Env}} {{json .Config.Labels}} {{.Config.User}} {{.Config.WorkingDir}}", "made:1").Line);
        Assert.Matches("^sha256:[0-9a-f]{64}$", can.Execute("", "sh", "-c", $"'{CliRoot.Executable}' import - piped < '{can.Archive}'").Output.Trim());
        Assert.Contains("No such file", can.Fails(1, "import", "-q", can.Files["nosuch.tar"]), StringComparison.Ordinal);
        Assert.Contains("has no name", can.Fails(1, "import", "-q", "-l", "=x", can.Archive), StringComparison.Ordinal);
    }

    [RootFact]
    public void Import_takes_the_lines_of_a_dockerfile()
    {
        can.Do("import", "-q", "-e", "A=1", "--change", "CMD [\"echo\", \"hi\"]", "-c", "ENV A=2 B='x y'", "-c", "EXPOSE 80", "-c", "VOLUME /data", "-c", "USER nobody", can.Archive, "changed");

        Assert.Equal(
            """["echo","hi"] ["A=2","B=x y"] {"80/tcp":{}} {"/data":{}} nobody""",
            can.Do("image", "inspect", "-f", "{{json .Config.Cmd}} {{json .Config.Env}} {{json .Config.ExposedPorts}} {{json .Config.Volumes}} {{.Config.User}}", "changed").Line);
        Assert.Contains("RUN make", can.Fails(1, "import", "-q", "-c", "RUN make", can.Archive, "changed"), StringComparison.Ordinal);
    }

    [RootFact]
    public void Images_are_listed_by_what_was_made_before_and_since()
    {
        can.Do("commit", can.Do("create", "--net", "none", CliRoot.Busybox).Line, "later");

        Assert.Equal("later", can.Do("images", "--filter", $"since={CliRoot.Busybox}", "--format", "{{.Repository}}").Line);
        Assert.Contains(CliRoot.Busybox, can.Do("images", "--filter", "before=later", "--format", "{{.Repository}}").Lines);
        Assert.Contains("no image 'nosuch'", can.Run("images", "--filter", "before=nosuch").Error, StringComparison.Ordinal);
    }

    [RootFact]
    public void History_and_inspect_tell_of_layers()
    {
        var layer = JsonDocument.Parse(can.Do("image", "inspect", "busybox").Output).RootElement[0].GetProperty("RootFS").GetProperty("Layers")[0].GetString()!;

        Assert.Equal(layer, can.Do("history", "-q", "--no-trunc", "busybox").Line);
        Assert.Equal(["LAYER", "CREATED BY", "SIZE"], Columns(can.Do("history", "--format", "table {{.ID}} {{.CreatedBy}} {{.Size}}", "busybox").Lines[0]));
        Assert.Contains("{{.Nonsense}}", can.Fails(1, "image", "inspect", "-f", "{{.Nonsense}}", "busybox"), StringComparison.Ordinal);

        Assert.Equal(can.Do("image", "inspect", "busybox").Output, can.Do("inspect", "busybox").Output);
        Assert.Contains("'can ps -a'", can.Run("inspect", "nosuch").Error, StringComparison.Ordinal);

        var some = can.Run("image", "inspect", "nosuch", "busybox");
        Assert.Equal(1, some.Code);
        Assert.Equal(1, JsonDocument.Parse(some.Output).RootElement.GetArrayLength());
    }

    [RootFact]
    public void Progress_goes_to_standard_error_in_plain_lines()
    {
        var saved = can.Do("save", "-o", can.Files["saved"], "busybox");

        Assert.Equal("", saved.Output);
        Assert.Matches("^(Writing: .*[kM]?B of .*MB\n)+$", saved.Error);
        Assert.Equal("", can.Do("save", "-q", "-o", can.Files["saved"], "busybox").Error);
    }

    private static string[] Columns(string line) => [.. line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
