namespace CanPS;

/// <summary>The module's nouns.</summary>
internal static class Nouns
{
    public const string Container = "CanContainer";
    public const string Exec = "CanExec";
    public const string Image = "CanImage";
    public const string Item = "CanItem";
    public const string ImageHistory = "CanImageHistory";
    public const string ImageTag = "CanImageTag";
    public const string Log = "CanLog";
    public const string Network = "CanNetwork";
    public const string Process = "CanProcess";
    public const string Signal = "CanSignal";
    public const string Registry = "CanRegistry";
    public const string StartPlan = "CanStartPlan";
    public const string Storage = "CanStorage";
    public const string Volume = "CanVolume";
}
