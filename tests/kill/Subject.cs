using Can.Engine;

namespace Can.Kill;

/// <summary>
/// The process that is killed. First it looks at what the one before it left, then it prepares its own operation, says on which
/// thread it will run, and waits for its cue.
/// </summary>
internal static class Subject
{
    /// <summary>Arguments: root, helper, operation, name, and the name that the process before used (<c>-</c> for none).</summary>
    public static int Run(string[] arguments)
    {
        var (root, helper, name, before) = (CanRoot.At(arguments[0]), arguments[1], arguments[3], arguments[4]);
        var operation = Operation.All.First(operation => operation.Name == arguments[2]);
        var engine = new CanEngine(root);
        var bystander = Bystander.Find(engine);
        Console.WriteLine(before == "-" ? "checked" : $"checked {new Aftermath(engine, bystander).Check(before)}");

        // One whole life first: what is loaded and compiled on the way is not part of the operation.
        WarmUp(engine, operation, $"{name}-warm");
        operation.Prepare(engine, name);
        var target = helper == "-" ? engine : new CanEngine(root, helper);
        var thread = new Thread(() => Perform(target, operation, name));
        thread.Start();
        thread.Join();
        return 0;
    }

    /// <summary>Only looks at what a process left. Arguments: root, and the name that the process used.</summary>
    public static int Check(string[] arguments)
    {
        var engine = new CanEngine(CanRoot.At(arguments[0]));
        Console.WriteLine($"checked {new Aftermath(engine, Bystander.Find(engine)).Check(arguments[1])}");
        return 0;
    }

    private static void WarmUp(CanEngine engine, Operation operation, string name)
    {
        operation.Prepare(engine, name);
        operation.Run(engine, name);
        foreach (var left in (string[])[name, Operation.Renamed(name)])
        {
            if (engine.Containers.TryGetByName(left) is { } container)
            {
                engine.Containers.Remove(container.Id, force: true, CancellationToken.None);
            }
        }

        if (engine.Networks.TryGet(NetworkOperations.NameOf(name)) is { } network)
        {
            engine.Networks.Remove(network.Name);
        }

        if (engine.Images.List().SelectMany(static image => image.References).Contains($"{name}:latest"))
        {
            engine.Images.Remove(name, force: false);
        }
    }

    private static void Perform(CanEngine engine, Operation operation, string name)
    {
        Console.WriteLine($"ready {Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget)}");
        if (Console.ReadLine() is null)
        {
            return;
        }

        try
        {
            operation.Run(engine, name);
            Console.WriteLine("done");
        }
        catch (CanException error)
        {
            Console.WriteLine($"failed {error.ErrorId}");
        }
    }
}
