using System.Buffers.Binary;
using System.Text;
using Can.Engine.Starting;

namespace Can.Engine.Tests.Starting;

public sealed class PlanWriterTests
{
    private static PlanStep Step(PlanOperation operation, params PlanArgument[] arguments) => new(PlanStage.Child, operation, arguments);

    private static StartPlan Plan(params PlanStep[] steps) => new(PlanKind.Container, steps);

    [Fact]
    public void Empty_plan_is_its_header()
    {
        var bytes = PlanWriter.Write(Plan());

        Assert.Equal("CANPLAN\0"u8.ToArray().Concat(Words(1, 1, 24, 0)), bytes);
    }

    [Fact]
    public void Step_has_header_and_arguments()
    {
        var bytes = PlanWriter.Write(new StartPlan(PlanKind.Exec, [
            new PlanStep(PlanStage.Host, PlanOperation.MakeDirectory, ["/a", 493UL], Optional: true)]));

        byte[] expected =
        [
            .. "CANPLAN\0"u8, .. Words(1, 2, 24 + 16 + 32, 1),
            20, 0, 2, 0, 2, 0, 1, 0, .. Words(32, 0),
            .. Words(2, 2), .. "/a\0\0\0\0\0\0"u8,
            .. Words(1, 8), 0xED, 1, 0, 0, 0, 0, 0, 0,
        ];
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("", 8)]
    [InlineData("1234567", 8)]
    [InlineData("12345678", 16)] // a NUL must follow
    [InlineData("üüüü", 16)] // UTF-8, not characters
    public void Text_is_followed_by_a_nul_and_padded(string text, int payload)
    {
        var bytes = PlanWriter.Write(Plan(Step(PlanOperation.Hostname, text)));

        Assert.Equal(24 + 16 + 8 + payload, bytes.Length);
        var utf8 = Encoding.UTF8.GetBytes(text);
        Assert.Equal((uint)utf8.Length, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(44)));
        Assert.Equal(utf8, bytes.AsSpan(48, utf8.Length).ToArray());
        Assert.All(bytes[(48 + utf8.Length)..], padding => Assert.Equal(0, padding));
    }

    [Fact]
    public void Negative_number_keeps_its_bits()
    {
        var bytes = PlanWriter.Write(Plan(Step(PlanOperation.ResourceLimit, -1L)));

        Assert.Equal(ulong.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(48)));
    }

    [Fact]
    public void Raw_bytes_may_contain_nul()
    {
        var bytes = PlanWriter.Write(Plan(Step(PlanOperation.Seccomp, new byte[] { 1, 0, 2 }, 0UL)));

        Assert.Equal([1, 0, 2, 0, 0, 0, 0, 0], bytes.AsSpan(48, 8).ToArray());
    }

    [Fact]
    public void Text_with_nul_is_refused()
    {
        var error = Assert.Throws<CanException>(() => PlanWriter.Write(Plan(Step(PlanOperation.Hostname, "a\0b"))));

        Assert.Equal("PlanTextInvalid", error.ErrorId);
    }

    [Fact]
    public void Too_many_arguments_are_refused()
    {
        var arguments = Enumerable.Repeat((PlanArgument)1UL, PlanFormat.MaxArguments + 1).ToArray();
        var error = Assert.Throws<CanException>(() => PlanWriter.Write(Plan(Step(PlanOperation.Execute, arguments))));

        Assert.Equal("PlanTooLarge", error.ErrorId);
    }

    [Fact]
    public void Too_many_steps_are_refused()
    {
        var steps = Enumerable.Repeat(Step(PlanOperation.PivotRoot), PlanFormat.MaxSteps + 1).ToArray();

        Assert.Equal("PlanTooLarge", Assert.Throws<CanException>(() => PlanWriter.Write(Plan(steps))).ErrorId);
    }

    [Fact]
    public void Too_many_bytes_are_refused()
    {
        var error = Assert.Throws<CanException>(() => PlanWriter.Write(Plan(Step(PlanOperation.Hostname, new byte[PlanFormat.MaxBytes]))));

        Assert.Equal("PlanTooLarge", error.ErrorId);
    }

    private static byte[] Words(params uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        for (var index = 0; index < words.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(index * 4), words[index]);
        }

        return bytes;
    }
}
