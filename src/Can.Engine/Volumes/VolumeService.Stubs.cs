namespace Can.Engine.Volumes;

#pragma warning disable CA1822
public sealed partial class VolumeService
{
    /// <summary>Every volume, by name.</summary>
    public IReadOnlyList<Volume> List() => throw new NotImplementedException();

    /// <summary>The volume of this literal name; null if there is none.</summary>
    public Volume? TryGet(string name) => throw new NotImplementedException();

    /// <summary>Makes a volume.</summary>
    /// <exception cref="CanException"><c>VolumeNameInvalid</c>, <c>VolumeExists</c></exception>
    public Volume Create(string? name, IReadOnlyDictionary<string, string>? labels, bool anonymous = false) => throw new NotImplementedException();

    /// <summary>The volume of this name, made if need be.</summary>
    public Volume GetOrCreate(string name) => throw new NotImplementedException();

    /// <summary>Removes a volume and its files.</summary>
    /// <exception cref="CanException"><c>VolumeNotFound</c>, <c>VolumeInUse</c> (message and target name the containers)</exception>
    public void Remove(string name) => throw new NotImplementedException();
}
#pragma warning restore CA1822
