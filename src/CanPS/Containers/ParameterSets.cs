namespace CanPS.Containers;

/// <summary>Names of the parameter sets.</summary>
internal static class ParameterSets
{
    /// <summary>Containers by name.</summary>
    public const string Name = "Name";

    /// <summary>Containers by Id.</summary>
    public const string Id = "Id";

    /// <summary>Container objects.</summary>
    public const string InputObject = "InputObject";

    /// <summary>A new container of an image by reference.</summary>
    public const string Image = "Image";

    /// <summary>A new container of an image object.</summary>
    public const string ImageObject = "ImageObject";
}
