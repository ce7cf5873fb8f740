using Can.Engine.Images;
using Can.Engine.Kernel;

namespace Can.Engine.Starting
{
    internal static class StartFailure
    {
        internal static CanException ToException(StartPlan plan, uint step, int errno, string text, string name) =>
            new("StartStepFailed", CanErrorCategory.OperatingSystem, $"{name}: step {step} {(step < plan.Steps.Count ? plan.Steps[(int)step].ToString() : "")} failed: {errno} {text}");
    }
}

namespace Can.Engine.Containers
{
    internal static class DefinitionResolver
    {
        internal static ContainerDefinition Resolve(CanRoot root, ContainerOptions o, Image image, HostFacts host, string id, string name, DateTimeOffset now) => new()
        {
            Id = id, Name = name, CreatedAt = now, Image = o.Image, ImageId = image.Id, Layers = image.Layers, Arguments = o.Command is { Count: > 0 } c ? c : image.Configuration.Command,
            Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], WorkingDirectory = "/", User = o.User ?? "", Hostname = o.Hostname ?? id[..12], Mounts = o.Mounts,
            StopSignal = 15, StopTimeoutSeconds = 10, Limits = o.Limits, RestartPolicy = o.RestartPolicy, Network = o.Network, Tty = o.Tty, Interactive = o.Interactive, Init = o.Init, Privileged = o.Privileged,
        };
    }
}
