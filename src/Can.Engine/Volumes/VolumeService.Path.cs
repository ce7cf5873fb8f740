namespace Can.Engine.Volumes;

public sealed partial class VolumeService
{
    /// <summary>Where a volume's files are on the host, whether it is there or not.</summary>
    public string PathOf(string name) => $"{Root.State}/volumes/{name}/data";
}
