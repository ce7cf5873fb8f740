using Can.Engine;
using CanPS.Completion;

namespace CanPS.Registries;

/// <summary>Registries that somebody is logged in to.</summary>
internal sealed class RegistryCompleter : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) =>
        engine.Registries.List().DistinctBy(static login => login.Registry).Select(static login => (login.Registry, $"{login.UserName} ({login.Source})"));
}
