using System.Globalization;
using Can.Engine.Tests.Registries;

namespace Can.Cli.Tests;

/// <summary>The image of <c>run</c> and <c>create</c> that is not there: from Debian's registry, on the loopback interface.</summary>
public sealed class PullTests(CliRoot can) : IClassFixture<CliRoot>
{
    [RegistryFact]
    public void A_missing_image_is_pulled_and_only_the_containers_output_is_on_standard_output()
    {
        string reference;
        using (var registry = new DockerRegistry())
        {
            reference = Publish(registry, "one");

            var result = Run("run", "--rm", "--net", "none", "--insecure", reference, "sh", "-c", "cat /marker; exit 3");

            Assert.Equal((3, "one"), (result.Code, result.Output));
            Assert.Matches("^[0-9a-f]{12}: done, .*\n$", result.Error);
        }

        // The registry has gone.
        Assert.Equal(new CliResult(0, "one", ""), Run("run", "--rm", "--net", "none", reference, "cat", "/marker"));
        Assert.Equal(new CliResult(0, "one", ""), Run("run", "--rm", "--pull", "never", "--net", "none", reference, "cat", "/marker"));
        Do("rmi", reference);
    }

    [RegistryFact]
    public void In_the_background_and_without_a_start_too()
    {
        using var registry = new DockerRegistry();
        var reference = Publish(registry, "one");

        var id = Do("run", "-d", "-q", "--net", "none", "--tls-verify=false", reference, "cat", "/marker");
        Assert.Equal("", id.Error);
        Assert.Equal("0", Do("wait", id.Line).Line);
        Assert.Equal("one", Do("logs", id.Line).Line);
        Do("rm", id.Line);
        Do("rmi", reference);
        var created = Do("create", "-q", "--net", "none", "--insecure", reference);

        Assert.Equal("", created.Error);
        Assert.Equal("created", Do("inspect", "-f", "{{.State.Status}}", created.Line).Line);
        Do("rm", created.Line);
        Do("rmi", reference);
    }

    [RegistryFact]
    public void Always_asks_the_registry_what_the_reference_means_now()
    {
        using var registry = new DockerRegistry();
        var reference = Publish(registry, "one");
        string[] show = ["-q", "--rm", "--net", "none", "--insecure", reference, "cat", "/marker"];
        Assert.Equal("one", Do(["run", .. show]).Output);
        Do("tag", reference, "kept:one");
        Publish(registry, "two", reference);

        Assert.Equal("one", Do(["run", .. show]).Output);
        Assert.Equal("two", Do(["run", "--pull=always", .. show]).Output);
        Assert.Equal("two", Do(["run", .. show]).Output);
        Do("rmi", reference, "kept:one");
    }

    [RegistryFact]
    public void A_digest_names_what_is_pulled()
    {
        using var registry = new DockerRegistry();
        var reference = Publish(registry, "one", out var digest);
        Publish(registry, "two", reference);

        Assert.Equal("one", Do("run", "-q", "--rm", "--net", "none", "--insecure", digest, "cat", "/marker").Output);
        Assert.Equal("one", Do("run", "--pull", "never", "--rm", "--net", "none", digest, "cat", "/marker").Output);
        Do("rmi", digest);
    }

    [RegistryFact]
    public void A_pull_that_fails_is_one_line_and_leaves_nothing()
    {
        using var registry = new DockerRegistry();
        var images = Do("images", "-q", "--no-trunc").Output;

        var unknown = Fails(125, "run", "--rm", "--name", "mine", "--net", "none", "--insecure", $"{registry.Name}/nosuch", "true");
        var strict = Fails(125, "run", "-d", "--net", "none", $"{registry.Name}/nosuch", "true");

        Assert.Contains($"'{registry.Name}/nosuch:latest'", unknown, StringComparison.Ordinal);
        Assert.Contains("can load", unknown, StringComparison.Ordinal);
        Assert.Contains("--tls-verify=false", strict, StringComparison.Ordinal);
        Fails(1, "create", "--net", "none", "--insecure", $"{registry.Name}/nosuch");
        Assert.Equal("", Do("ps", "-aq").Output);
        Assert.Equal(images, Do("images", "-q", "--no-trunc").Output);
    }

    [RootFact]
    public void Never_says_where_images_come_from()
    {
        var line = can.Fails(125, "run", "--pull", "never", "--net", "none", "localhost:1/nosuch", "true");

        Assert.All(["'localhost:1/nosuch'", "can pull", "can load"], says => Assert.Contains(says, line, StringComparison.Ordinal));
        Assert.Equal(line, can.Fails(1, "create", "--pull", "never", "--net", "none", "localhost:1/nosuch", "true"));
    }

    [RootTheory]
    [InlineData("missing, always or never", "--pull", "sometimes")]
    [InlineData("no platform", "--platform", "a//b")]
    [InlineData("too small", "-m", "1m")]
    [InlineData("is not a valid", "--name", "-")]
    [InlineData("nosuchnetwork", "--net", "nosuchnetwork")]
    [InlineData("/nosuchdirectory", "-v", "/nosuchdirectory:/x")]
    [InlineData("not a terminal", "-ti")]
    public void What_is_wrong_is_said_before_anything_is_pulled(string says, params string[] options)
    {
        using var registry = new WildRegistry();
        string[] words = ["run", "--rm", "--insecure", .. options, $"{registry.Name}/nosuch", "true"];

        Assert.Contains(says, Fails(125, words), StringComparison.Ordinal);
        Assert.Empty(registry.Requests);

        Fails(125, "run", "--rm", "--net", "none", "--insecure", $"{registry.Name}/nosuch", "true");
        Assert.NotEmpty(registry.Requests);
    }

    [RootFact]
    public void A_signal_ends_the_pull()
    {
        using var registry = new WildRegistry();
        var begun = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        registry.Misbehave = (_, _) =>
        {
            begun.TrySetResult();
            return new WildAnswer(200, "text") { Pause = (0, never.Task) };
        };
        var file = can.Files[can.NewName("pid")];
        var script = $"{CliRoot.Executable} run --rm --net none --insecure {registry.Name}/team/app true & echo $! >{file}; wait $!; echo $?";
        var result = Task.Run(() => can.ExecuteOnHost("", "sh", "-c", script));

        Assert.True(begun.Task.Wait(CliRoot.Patience));
        can.Files.Shell($"kill -TERM {int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture)}");

        Assert.Equal(new CliResult(0, "143\n", ""), result.GetAwaiter().GetResult());
    }

    // An image with a marker in it, which the registry has and the store has not.
    private string Publish(DockerRegistry registry, string marker) => Publish(registry, marker, out _);

    private string Publish(DockerRegistry registry, string marker, out string digest)
    {
        var reference = $"{registry.Name}/team/shell:1";
        digest = Publish(registry, marker, reference);
        return reference;
    }

    private string Publish(DockerRegistry registry, string marker, string reference)
    {
        Assert.StartsWith(registry.Name, reference, StringComparison.Ordinal);
        var directory = can.NewName("root");
        BusyboxRoot.Make(can.Files[directory]);
        File.WriteAllText(can.Files[$"{directory}/marker"], marker);
        Do("import", "-q", can.Files[directory], $"local:{marker}");
        var digest = Do("push", "-q", "--insecure", $"local:{marker}", reference).Line;
        Do("rmi", $"local:{marker}");
        return digest;
    }

    // The registry listens on the machine's own loopback, as in the engine's tests.
    private CliResult Run(params string[] words) => can.ExecuteOnHost("", [CliRoot.Executable, .. words]);

    private CliResult Do(params string[] words)
    {
        var result = Run(words);
        Assert.True(result.Code == 0, $"can {string.Join(' ', words)}: {result.Error}");
        return result;
    }

    private string Fails(int code, params string[] words)
    {
        var result = Run(words);
        Assert.Equal((code, ""), (result.Code, result.Output));
        var line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("can: ", line);
        return line;
    }
}
