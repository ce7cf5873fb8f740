namespace Can.Engine.Starting;

/// <summary>Writes a plan in its wire form (<c>native/plan_format.h</c>).</summary>
public static class PlanWriter
{
    /// <summary>The plan's bytes.</summary>
    public static byte[] Write(StartPlan plan) => throw new NotImplementedException();
}
