using Can.Cli.Common;

namespace Can.Cli.Tests;

/// <summary>The help of all verbs.</summary>
public sealed class HelpTests
{
    /// <summary>Every verb there is, as it is typed.</summary>
    public static TheoryData<string> Names => new(Verbs.Single.Select(static entry => entry.Name)
        .Concat(Verbs.Groups.SelectMany(static group => group.Verbs.Select(entry => $"{group.Name} {entry.Name}"))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_verb_describes_itself_and_all_that_it_takes(string name)
    {
        var verb = Make(name);

        Assert.NotEmpty(verb.Description!);
        Assert.NotEmpty(verb.Examples);
        Assert.All(verb.Options, static option => Assert.False(string.IsNullOrEmpty(option.Description), option.Name));
        Assert.All(verb.Arguments, static argument => Assert.False(string.IsNullOrEmpty(argument.Description), argument.Name));
        Assert.All(verb.Options.Where(static option => option.ValueType != typeof(bool)), static option => Assert.False(string.IsNullOrEmpty(option.HelpName), option.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_verb_has_an_option_twice(string name)
    {
        var options = Make(name).Options.SelectMany(static option => option.Aliases.Prepend(option.Name)).ToList();

        Assert.Equal(options.Distinct(), options);
        Assert.DoesNotContain("--help", options);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_example_can_be_typed(string name)
    {
        foreach (var example in Make(name).Examples.Where(static example => example.StartsWith("can ", StringComparison.Ordinal)))
        {
            var words = ShellWords.Split(example).Skip(1).ToArray();
            var tree = CommandTree.For(words, out var count, out var verb);
            Assert.NotNull(verb);

            var line = tree.Parse([.. words[..count], .. new Words(verb).Read(words.AsSpan(count)).Line]);

            Assert.True(line.Errors.Count == 0, $"{example}: {string.Join(' ', line.Errors)}");
        }
    }

    [RootFact]
    public void Help_ends_with_the_examples()
    {
        using var can = new CliRoot();

        Assert.Contains("Examples:\n  can rmi busybox", can.Do("rmi", "--help").Output, StringComparison.Ordinal);
        Assert.Contains("can network create web", can.Do("network", "create", "-h").Output, StringComparison.Ordinal);
        Assert.Contains("Look after the whole of it", can.Do("--help").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("__complete", can.Do("help").Output, StringComparison.Ordinal);
        Assert.Contains("inspect", can.Do("volume", "--help").Output, StringComparison.Ordinal);
    }

    private static Verb Make(string name) => name.Split(' ') switch
    {
        [var single] => Array.Find(Verbs.Single, entry => entry.Name == single)!.Make(),
        var words => Array.Find(Array.Find(Verbs.Groups, group => group.Name == words[0])!.Verbs, entry => entry.Name == words[1])!.Make(),
    };
}
