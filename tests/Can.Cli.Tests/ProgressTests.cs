using Can.Cli.Common.Progress;

namespace Can.Cli.Tests;

/// <summary>How progress looks.</summary>
public sealed class ProgressTests
{
    [Theory]
    [InlineData(0, "x [                    ]  0B of 10MB")]
    [InlineData(5_000_000, "x [==========          ]  5MB of 10MB")]
    [InlineData(11_000_000, "x [====================]  10MB of 10MB")]
    public void A_bar_shows_the_part_that_is_done(long done, string text) => Assert.Equal(text, Bar.Text("x", done, 10_000_000, 0, 71));

    [Fact]
    public void A_bar_has_a_rate_when_it_is_known_and_no_bar_where_it_has_no_room()
    {
        Assert.Equal("x  5MB of 10MB  2.5MB/s", Bar.Text("x", 5_000_000, 10_000_000, 2_500_000, 40));
        Assert.Equal("x  5MB", Bar.Text("x", 5_000_000, 0, 0, 80));
    }

    [Fact]
    public void In_a_file_a_line_comes_with_every_tenth_at_most()
    {
        var view = new ByteView("Reading");

        Assert.Empty(view.News());
        view.Report((5, 100));
        Assert.Empty(view.News());
        view.Report((25, 100));
        Assert.Equal(["Reading: 25B of 100B"], view.News());
        view.Report((29, 100));
        Assert.Empty(view.News());
        view.Report((100, 100));
        Assert.Equal(["Reading: 100B of 100B"], view.News());
        Assert.Empty(view.News());
    }

    [Fact]
    public void Lines_on_a_terminal_replace_the_former_ones_and_never_wrap()
    {
        using var terminal = new StringWriter { NewLine = "\n" };
        var lines = new LiveLines(terminal, rows: 3, columns: 5);

        lines.Show(["one", "two", "three", "four"]);
        lines.Show(["abcdefg"]);
        lines.Clear();

        Assert.Equal("\r\e[Kthre\n\e[Kfour\n\e[J" + "\r\e[2A\e[Kabcd\n\e[J" + "\r\e[1A\e[J", terminal.ToString());
    }
}
