using Can.Engine.Containers.Options;

namespace Can.Engine.Tests.Containers.Options;

public sealed class EnvironmentFileTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"can-env-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Lines_are_read_as_they_are()
    {
        File.WriteAllText(path, "\uFEFFA=1\r\n# comment\n\n  B = x = \"y\" #z\nEMPTY=\n");

        Assert.Throws<CanException>(() => EnvironmentFile.Read(path)); // "B " has a blank in its name

        File.WriteAllText(path, "\uFEFFA=1\r\n# comment\n\n  B= x = \"y\" #z\nEMPTY=\nA=2\n");
        Assert.Equal([new("A", "1"), new("B", " x = \"y\" #z"), new("EMPTY", ""), new("A", "2")], EnvironmentFile.Read(path));
    }

    [Fact]
    public void Name_alone_takes_the_callers_value()
    {
        File.WriteAllText(path, "PATH\nCAN_SURELY_NOT_SET\n");

        Assert.Equal([new("PATH", Environment.GetEnvironmentVariable("PATH")!)], EnvironmentFile.Read(path));
    }

    [Theory]
    [InlineData("A=1\n=2\n", "Line 2")]
    [InlineData("A B=1\n", "Line 1")]
    [InlineData("A=1\0\n", "Line 1")]
    public void Bad_line_is_named(string text, string expected)
    {
        File.WriteAllText(path, text);

        var error = Assert.Throws<CanException>(() => EnvironmentFile.Read(path));
        Assert.Equal("EnvironmentFileInvalid", error.ErrorId);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        File.WriteAllBytes(path, [0x41, 0x3D, 0xFF, 0x0A]);

        Assert.Equal("EnvironmentFileInvalid", Assert.Throws<CanException>(() => EnvironmentFile.Read(path)).ErrorId);
    }

    [Fact]
    public void Missing_file_and_directory_are_told_apart()
    {
        Assert.Equal("EnvironmentFileNotFound", Assert.Throws<CanException>(() => EnvironmentFile.Read(path)).ErrorId);
        Assert.Equal("EnvironmentFileInvalid", Assert.Throws<CanException>(() => EnvironmentFile.Read(Path.GetTempPath())).ErrorId);
    }
}
