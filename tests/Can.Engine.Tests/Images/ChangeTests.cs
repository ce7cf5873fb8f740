using Can.Engine.Images;

namespace Can.Engine.Tests.Images;

/// <summary>Lines of a Dockerfile change what an image gives its containers, when it is imported and when it is committed.</summary>
public sealed class ChangeTests
{
    private static readonly ImageConfiguration Before = new()
    {
        Entrypoint = ["/bin/echo"],
        Command = ["hello"],
        Environment = ["A=1", "B=2"],
        Labels = new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" },
        ExposedPorts = ["80/tcp"],
        Volumes = ["/data"],
    };

    [Fact]
    public void Each_instruction_changes_its_part()
    {
        var after = Before.With(
        [
            "CMD [\"httpd\", \"-f\"]", "env A=9 C=3", "LABEL y=3 z=4", "USER nobody:nogroup", "WORKDIR /srv", "EXPOSE 80 53/udp 8000-8001", "VOLUME /a /data",
            "VOLUME [\"/b c\"]", "STOPSIGNAL SIGINT",
        ]);

        Assert.Equal(["/bin/echo"], after.Entrypoint);
        Assert.Equal(["httpd", "-f"], after.Command);
        Assert.Equal(["A=9", "B=2", "C=3"], after.Environment);
        Assert.Equal(["x=1", "y=3", "z=4"], after.Labels.Select(static label => $"{label.Key}={label.Value}").Order());
        Assert.Equal(("nobody:nogroup", "/srv", "SIGINT"), (after.User, after.WorkingDirectory, after.StopSignal));
        Assert.Equal(["80/tcp", "53/udp", "8000/tcp", "8001/tcp"], after.ExposedPorts);
        Assert.Equal(["/data", "/a", "/b c"], after.Volumes);
        Assert.Equal(Before, Before.With([]) with { Environment = Before.Environment, Labels = Before.Labels, ExposedPorts = Before.ExposedPorts, Volumes = Before.Volumes });
    }

    [Fact]
    public void A_new_entrypoint_drops_the_command_that_was_meant_for_the_old_one()
    {
        Assert.Empty(Before.With(["ENTRYPOINT [\"/bin/cat\"]"]).Command);
        Assert.Equal(["x"], Before.With(["CMD [\"x\"]", "ENTRYPOINT [\"/bin/cat\"]"]).Command);
        Assert.Equal(["/bin/sh", "-c", "exec httpd -f"], Before.With(["ENTRYPOINT exec httpd -f"]).Entrypoint);
    }

    [Theory]
    [InlineData("ENV A=1  B=2", "A=1|B=2")]
    [InlineData("ENV A=\"x y\" B='x \"y'", "A=x y|B=x \"y")]
    [InlineData(@"ENV A=x\ y B=""a\""b\n""", "A=x y|B=a\"b\\n")]
    [InlineData(@"ENV A='\x'", @"A=\x")]
    [InlineData("ENV A x y ", "A=x y")]
    [InlineData("ENV A=", "A=")]
    public void Values_are_quoted_as_in_a_shell(string instruction, string expected) =>
        Assert.Equal(expected, string.Join('|', new ImageConfiguration().With([instruction]).Environment));

    [Theory]
    [InlineData("ChangeInvalid", "CMD")]
    [InlineData("ChangeInvalid", "CMD [\"a\"")]
    [InlineData("ChangeInvalid", "RUN make")]
    [InlineData("ChangeInvalid", "ENV =1")]
    [InlineData("ChangeInvalid", "ENV A=\"x")]
    [InlineData("PathNotAbsolute", "WORKDIR srv")]
    [InlineData("PathNotAbsolute", "VOLUME data")]
    [InlineData("PortInvalid", "EXPOSE 70000")]
    [InlineData("SignalInvalid", "STOPSIGNAL NONSENSE")]
    public void What_is_no_change_is_refused(string errorId, string instruction) => EngineFixture.Fails(errorId, () => new ImageConfiguration().With([instruction]));
}
