using Can.Engine;

namespace Can.Kill;

/// <summary>A process that makes, starts, stops and removes containers of one name while others do the same.</summary>
internal static class Contender
{
    /// <summary>Arguments: root, name, rounds. Writes <c>made</c> for every container it made, <c>unexpected ERROR</c> for what must not happen.</summary>
    public static int Run(string[] arguments)
    {
        var engine = new CanEngine(CanRoot.At(arguments[0]));
        var options = Operation.Sleeper(arguments[1]) with { Command = ["sleep", "1000"] };
        for (var round = int.Parse(arguments[2], System.Globalization.CultureInfo.InvariantCulture); round > 0; round--)
        {
            Attempt(() =>
            {
                engine.Containers.Create(options, start: round % 2 == 0, CancellationToken.None);
                Console.WriteLine("made");
            });
            Attempt(() => engine.Containers.Start(Find(engine, options.Name!), CancellationToken.None));
            Attempt(() => engine.Containers.List(error => throw error));
            Attempt(() => engine.Containers.Stop(Find(engine, options.Name!), TimeSpan.Zero, force: false, CancellationToken.None));
            Attempt(() => engine.Containers.Remove(Find(engine, options.Name!), force: true, CancellationToken.None));
        }

        return 0;
    }

    private static string Find(CanEngine engine, string name) =>
        engine.Containers.TryGetByName(name)?.Id ?? throw new CanException("ContainerNotFound", CanErrorCategory.ObjectNotFound, name);

    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (CanException error) when (error.ErrorId is "ContainerNameTaken" or "ContainerNotFound")
        {
        }
        catch (CanException error)
        {
            Console.WriteLine($"unexpected {error.ErrorId} {error.Message}");
        }
    }
}
