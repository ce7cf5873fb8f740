namespace Can.Engine.Tests;

/// <summary>A test that asks the real kernel for what only root gets; skipped for everybody else.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null : "needs root";
}

/// <inheritdoc cref="RootFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute() => Skip = Environment.IsPrivilegedProcess ? null : "needs root";
}
