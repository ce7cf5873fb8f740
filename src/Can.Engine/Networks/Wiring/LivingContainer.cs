namespace Can.Engine.Networks.Wiring;

/// <summary>A container that runs, as those see it who make bridges and the table anew around it.</summary>
/// <param name="Record">What it has of its networks.</param>
/// <param name="Links">Ids of its networks, and how the names of its interfaces on the host begin.</param>
internal sealed record LivingContainer(NetworkRecord Record, IReadOnlyList<(string NetworkId, string Name)> Links);
