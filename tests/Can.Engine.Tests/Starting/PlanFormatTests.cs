using System.Text.RegularExpressions;
using Can.Engine.Containers;
using Can.Engine.Kernel.Netlink;
using Can.Engine.Starting;

namespace Can.Engine.Tests.Starting;

/// <summary>The C# twin of native/plan_format.h says the same as the header.</summary>
public sealed partial class PlanFormatTests
{
    private static readonly string Header = WithoutComments(File.ReadAllText(HeaderPath()));

    [Theory]
    [InlineData("plan_kind", "PLAN_", typeof(PlanKind))]
    [InlineData("argument_kind", "ARGUMENT_", typeof(ArgumentKind))]
    [InlineData("step_flag", "STEP_", typeof(StepTraits))]
    [InlineData("plan_stage", "STAGE_", typeof(PlanStage))]
    [InlineData("plan_descriptor", "FD_", typeof(PlanDescriptor))]
    [InlineData("plan_operation", "OP_", typeof(PlanOperation))]
    [InlineData("root_flag", "ROOT_", typeof(RootTraits))]
    [InlineData("netlink_slot", "SLOT_", typeof(NetlinkSlotKind))]
    [InlineData("bind_target", "BIND_", typeof(BindTarget))]
    [InlineData("restart_policy", "RESTART_", typeof(RestartCondition))]
    [InlineData("sync_kind", "SYNC_", typeof(SyncKind))]
    [InlineData("plan_error", "ERROR_", typeof(PlanError))]
    [InlineData("control_type", "CONTROL_", typeof(ControlType))]
    [InlineData("stop_reason", "STOP_", typeof(StopReason))]
    public void Enumeration_is_the_headers(string name, string prefix, Type twin)
    {
        var expected = Constants(name).ToDictionary(constant => Pascal(constant.Name, prefix), constant => constant.Value);
        var actual = Enum.GetNames(twin)
            .Where(member => member != "None")
            .ToDictionary(member => member, member => Convert.ToInt64(Enum.Parse(twin, member), null));

        Assert.NotEmpty(expected);
        Assert.Equal(expected.OrderBy(pair => pair.Key), actual.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Every_enumeration_of_the_header_is_compared()
    {
        var compared = typeof(PlanFormatTests).GetMethod(nameof(Enumeration_is_the_headers))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Length;

        Assert.Equal(EnumerationPattern().Count(Header), compared);
    }

    [Theory]
    [InlineData("PLAN_VERSION", PlanFormat.Version)]
    [InlineData("PLAN_MAX_BYTES", PlanFormat.MaxBytes)]
    [InlineData("PLAN_MAX_STEPS", PlanFormat.MaxSteps)]
    [InlineData("PLAN_MAX_ARGUMENTS", PlanFormat.MaxArguments)]
    [InlineData("CONTROL_MAX", HelperProtocol.ControlMaximumBytes)]
    [InlineData("PORTS_IN_PACKET", HelperProtocol.PortsInPacket)]
    [InlineData("PORTS_MAX", HelperProtocol.PortsMaximum)]
    public void Number_is_the_headers(string name, long expected)
    {
        var text = Regex.Match(Header, $@"#define {name} \(?(\d+)u?(?: << (\d+))?\)?");

        Assert.True(text.Success, name);
        var shift = text.Groups[2].Success ? int.Parse(text.Groups[2].Value, null) : 0;
        Assert.Equal(expected, long.Parse(text.Groups[1].Value, null) << shift);
    }

    [Fact]
    public void Magic_is_the_headers()
    {
        var text = Regex.Match(Header, "#define PLAN_MAGIC \"(\\w+)\"").Groups[1].Value;

        Assert.Equal([.. text.Select(letter => (byte)letter), 0], PlanFormat.Magic.ToArray());
    }

    private static IEnumerable<(string Name, long Value)> Constants(string enumeration)
    {
        var body = Regex.Match(Header, $@"enum {enumeration} \{{([^}}]*)\}};").Groups[1].Value;
        return ConstantPattern().Matches(body).Select(match => (match.Groups[1].Value, Value(match.Groups[2].Value)));
    }

    private static long Value(string text) => text[0] == '\'' ? text[1] : long.Parse(text, null);

    // OP_TASKS_JOIN is TasksJoin; SETTING_LOG, in the same enumeration, keeps its prefix.
    private static string Pascal(string name, string prefix) =>
        string.Concat((name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name)
            .Split('_').Select(word => word[..1] + word[1..].ToLowerInvariant()));

    private static string WithoutComments(string text) => CommentPattern().Replace(text, "");

    private static string HeaderPath()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Can.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests do not run inside of the repository.");
        }

        return Path.Combine(directory.FullName, "native", "plan_format.h");
    }

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"enum \w+ \{")]
    private static partial Regex EnumerationPattern();

    [GeneratedRegex(@"(\w+) = ('.'|-?\d+)")]
    private static partial Regex ConstantPattern();
}
