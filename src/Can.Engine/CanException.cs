namespace Can.Engine;

/// <summary>What kind of failure a <see cref="CanException"/> is; the front ends map it to their own categories.</summary>
public enum CanErrorCategory
{
    /// <summary>The caller's input is wrong.</summary>
    InvalidArgument,

    /// <summary>The named object does not exist.</summary>
    ObjectNotFound,

    /// <summary>The name or object is already there.</summary>
    ResourceExists,

    /// <summary>The object is in use, or in a state that does not allow the operation.</summary>
    InvalidOperation,

    /// <summary>The caller lacks a right (not root, or a capability is missing).</summary>
    PermissionDenied,

    /// <summary>The host lacks something that was asked for (a controller, a library, a kernel feature).</summary>
    NotInstalled,

    /// <summary>Data on disk or in an archive is malformed.</summary>
    InvalidData,

    /// <summary>The disk is full or another resource has run out.</summary>
    ResourceUnavailable,

    /// <summary>The time allowed has run out.</summary>
    OperationTimeout,

    /// <summary>A system call failed in a way that has no better name.</summary>
    OperatingSystem,
}

/// <summary>An error of the engine: what failed, on what, and what to do about it.</summary>
public sealed class CanException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="errorId">Stable identifier in PascalCase, such as <c>ImageNotFound</c>; never changed once released.</param>
    /// <param name="category">Its kind.</param>
    /// <param name="message">One or two sentences: what failed, on what, what to do.</param>
    /// <param name="target">The name, path or object concerned.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public CanException(string errorId, CanErrorCategory category, string message, object? target = null, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Category = category;
        Target = target;
    }

    /// <summary>Stable identifier, such as <c>ImageNotFound</c>.</summary>
    public string ErrorId { get; }

    /// <summary>The kind of failure.</summary>
    public CanErrorCategory Category { get; }

    /// <summary>The name, path or object concerned.</summary>
    public object? Target { get; }
}
