using System.Globalization;
using System.Text;
using Can.Engine.Containers;
using Microsoft.Win32.SafeHandles;

namespace Can.Engine.Tests.Containers;

/// <summary>Log files as the monitor writes them, without a monitor: lines, partial lines, rotated files, tails.</summary>
public sealed class LogFormatTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_line_is_taken_apart()
    {
        Assert.True(LogLine.TryParse("2024-02-29T23:59:59.123456789Z stderr P some  text "u8, out var line));

        Assert.Equal(new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.Zero).AddTicks(1234567), line.Timestamp);
        Assert.Equal((OutputSource.Error, true, "some  text "), (line.Source, line.Partial, Encoding.UTF8.GetString(line.Text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024-02-29T23:59:59.123456789Z")]
    [InlineData("2024-02-29T23:59:59.123456789Z stdout")]
    [InlineData("2024-02-30T23:59:59.123456789Z stdout F text")]
    [InlineData("yesterday-in-the-afternoon stdout F text")]
    [InlineData("2024-02-29T23:59:59.123456789Z stdout FULL text")]
    public void What_a_full_disk_cut_short_is_no_line(string text) => Assert.False(LogLine.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void An_empty_message_is_a_message()
    {
        Assert.True(LogLine.TryParse("2024-02-29T23:59:59.123456789Z stdout F "u8, out var line));
        Assert.True(line.Text.IsEmpty);
    }

    [Fact]
    public void Pieces_of_one_stream_are_joined_across_the_other_and_across_files()
    {
        Write("current.1", Line("out", 'P', "a"), Line("err", 'F', "between"), Line("out", 'P', "b"));
        Write("current", Line("out", 'F', "c"), Line("out", 'F', "next"));

        Assert.Equal(["between", "abc", "next"], Read(tail: null));
    }

    [Fact]
    public void A_piece_that_nothing_follows_is_a_message()
    {
        Write("current", Line("out", 'F', "whole"), Line("err", 'P', "err without end"), Line("out", 'P', "out without end", second: "59"));

        Assert.Equal(["whole", "err without end", "out without end"], Read(tail: null));
    }

    [Fact]
    public void Damaged_lines_are_left_out()
    {
        Write("current", Line("out", 'F', "before"), "garbage\n", "\n", Line("out", 'F', "after"), "2024-02-29T23:59:59.12");

        Assert.Equal(["before", "after"], Read(tail: null));
    }

    [Fact]
    public void Files_are_read_from_the_oldest_to_the_newest()
    {
        for (var file = 0; file < 4; file++)
        {
            Write(file == 0 ? "current" : $"current.{file}", Line("out", 'F', $"{3 - file}a"), Line("out", 'F', $"{3 - file}b"));
        }

        Assert.Equal(["0a", "0b", "1a", "1b", "2a", "2b", "3a", "3b"], Read(tail: null));
        Assert.Equal(["1b", "2a", "2b", "3a", "3b"], Read(tail: 5));
    }

    [Theory]
    [InlineData(10, 20)]
    [InlineData(2000, 100)]
    [InlineData(700, 1000)]
    public void Every_tail_begins_at_a_message_s_beginning(int lines, int width)
    {
        Write("current.1", [.. Numbered(0, lines / 2, width)]);
        Write("current", [.. Numbered(lines / 2, lines - (lines / 2), width)]);

        foreach (var tail in (int[])[0, 1, 2, 3, lines / 2, (lines / 2) + 1, lines - 1, lines, lines + 5])
        {
            var read = Read(tail);

            Assert.Equal(Math.Min(tail, lines), read.Count);
            Assert.Equal(Enumerable.Range(lines - read.Count, read.Count).Select(number => number.ToString(CultureInfo.InvariantCulture)), read.Select(line => line.TrimStart('0').PadLeft(1, '0')));
        }
    }

    [Fact]
    public void A_tail_counts_messages_and_not_pieces()
    {
        Write("current", Line("out", 'F', "first"), Line("out", 'P', "sec"), Line("out", 'P', "on"), Line("out", 'F', "d"), Line("out", 'F', "third"));

        Assert.Equal(["second", "third"], Read(tail: 2));
    }

    [Fact]
    public void A_tail_counts_a_last_piece_too()
    {
        Write("current", Line("out", 'F', "first"), Line("out", 'F', "second"), Line("out", 'P', "without end"));

        Assert.Equal(["without end"], Read(tail: 1));
        Assert.Equal(["second", "without end"], Read(tail: 2));
    }

    [Fact]
    public void Without_files_there_are_no_messages() => Assert.Empty(Read(tail: 3));

    [Fact]
    public void Lines_are_cut_wherever_the_bytes_were_split()
    {
        var bytes = Encoding.UTF8.GetBytes("one\r\ntwö\n\nlast");
        for (var size = 1; size <= bytes.Length; size++)
        {
            var lines = new List<string>();
            var splitter = new LineSplitter(OutputSource.Output, line => lines.Add(line.Text));
            foreach (var chunk in bytes.Chunk(size))
            {
                splitter.Add(chunk);
            }

            splitter.End();
            splitter.End();

            Assert.Equal(["one", "twö", "", "last"], lines);
        }
    }

    [Fact]
    public void The_file_after_one_is_found_however_often_the_log_was_rotated()
    {
        var files = new LogFiles(directory.Path);
        Assert.Null(files.OpenAfter(null));

        Write("current", "first");
        using var first = files.OpenAfter(null)!;
        Assert.Null(files.OpenAfter(first));

        Rotate();
        Assert.Null(files.OpenAfter(first)); // the next one is not there yet

        Write("current", "second");
        Rotate();
        Write("current", "third");
        using var second = files.OpenAfter(first)!;
        using var third = files.OpenAfter(second)!;
        Assert.Equal(["second", "third"], [Content(second), Content(third)]);
        Assert.Null(files.OpenAfter(third));

        File.Delete(directory["current.2"]); // the oldest goes
        using var oldest = files.OpenAfter(first)!;
        Assert.Equal("second", Content(oldest));
    }

    private static IEnumerable<string> Numbered(int first, int count, int width) =>
        Enumerable.Range(first, count).Select(number => Line("out", 'F', number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0')));

    private static string Line(string stream, char tag, string text, string second = "58") => $"2024-02-29T23:59:{second}.123456789Z std{stream} {tag} {text}\n";

    private void Write(string file, params string[] lines) => File.WriteAllText(directory[file], string.Concat(lines));

    /// <summary>Renames as the monitor does before it makes the next file.</summary>
    private void Rotate()
    {
        foreach (var (from, to) in new[] { ("current.1", "current.2"), ("current", "current.1") })
        {
            if (File.Exists(directory[from]))
            {
                File.Move(directory[from], directory[to]);
            }
        }
    }

    private static string Content(SafeFileHandle file)
    {
        var bytes = new byte[100];
        return Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
    }

    private List<string> Read(int? tail)
    {
        var files = new LogFiles(directory.Path).Open();
        var (first, offset) = tail is { } messages ? LogFiles.FindTail(files, messages) : (0, 0);
        var reader = new LogReader("c");
        var read = files.Skip(first).SelectMany((file, index) => reader.Read(file, index == 0 ? offset : 0)).Select(entry => entry.Message).ToList();
        read.AddRange(reader.Unfinished().Select(entry => entry.Message));
        files.ForEach(file => file.Dispose());
        return read;
    }
}
