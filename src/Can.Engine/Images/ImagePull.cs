using Can.Engine.Images.Registries;

namespace Can.Engine.Images;

/// <summary>When the image of a new container is received from its registry.</summary>
public enum PullPolicy
{
    /// <summary>When it is not there.</summary>
    Missing,

    /// <summary>Each time; layers that are there are not transferred again.</summary>
    Always,

    /// <summary>Never: it has to be there.</summary>
    Never,
}

/// <summary>How the image of a new container is received from its registry.</summary>
public sealed record ImagePull
{
    /// <summary>When it is.</summary>
    public PullPolicy Policy { get; init; }

    /// <summary>How the registry is spoken to, and for which platform. An image that is there for another one counts as missing.</summary>
    public RegistryOptions Registry { get; init; } = new();

    /// <summary>
    /// Does the transfer that it is given, on any thread, and shows meanwhile how far it is. It is called on the caller's thread, and
    /// only if there is something to receive. Null shows nothing.
    /// </summary>
    public Action<TransferProgress, Action>? Watch { get; init; }

    /// <summary>The policy by Docker's word for it.</summary>
    /// <param name="policy"><c>missing</c>, <c>always</c> or <c>never</c>.</param>
    /// <exception cref="CanException"><c>PullPolicyInvalid</c></exception>
    public static ImagePull Parse(string policy) => new()
    {
        Policy = policy switch
        {
            "missing" => PullPolicy.Missing,
            "always" => PullPolicy.Always,
            "never" => PullPolicy.Never,
            _ => throw new CanException(
                "PullPolicyInvalid", CanErrorCategory.InvalidArgument, $"'{policy}' does not say when to receive an image. Give missing, always or never.", policy),
        },
    };
}
