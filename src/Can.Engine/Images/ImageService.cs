namespace Can.Engine.Images;

/// <summary>Everything that can be done with images.</summary>
public sealed partial class ImageService
{
    private readonly CanEngine engine;

    internal ImageService(CanEngine engine) => this.engine = engine;

    /// <summary>The root this service works on.</summary>
    public CanRoot Root => engine.Root;
}
