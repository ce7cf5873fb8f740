using Can.Engine.Images.Committing;

namespace Can.Engine.Images;

public sealed partial record ImageConfiguration
{
    /// <summary>This configuration changed by lines of a Dockerfile, in their order, as <see cref="CommitOptions.With"/> reads them.</summary>
    /// <remarks>What docker import --change does: https://docs.docker.com/reference/cli/docker/image/import/</remarks>
    /// <exception cref="CanException"><c>ChangeInvalid</c>, <c>PathNotAbsolute</c>, <c>PortInvalid</c>, <c>SignalInvalid</c></exception>
    public ImageConfiguration With(IEnumerable<string> instructions)
    {
        ArgumentNullException.ThrowIfNull(instructions);
        var changes = instructions.Aggregate(new CommitOptions(), static (options, instruction) => options.With(instruction));
        CommitConfiguration.Check(changes);
        return this with
        {
            Entrypoint = changes.Entrypoint ?? Entrypoint,

            // The command was meant for the other entrypoint.
            Command = changes.Command ?? (changes.Entrypoint is null ? Command : []),
            Environment = CommitConfiguration.Merge(Environment, changes.Environment),
            Labels = new Dictionary<string, string>([.. Labels.Where(label => !changes.Labels.ContainsKey(label.Key)), .. changes.Labels], StringComparer.Ordinal),
            User = changes.User ?? User,
            WorkingDirectory = changes.WorkingDirectory ?? WorkingDirectory,
            ExposedPorts = [.. ExposedPorts.Concat(changes.ExposedPorts.SelectMany(CommitConfiguration.Ports)).Distinct()],
            Volumes = [.. Volumes.Concat(changes.Volumes).Distinct()],
            StopSignal = changes.StopSignal ?? StopSignal,
        };
    }
}
