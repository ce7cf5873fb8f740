using System.Management.Automation;
using Can.Engine;

namespace CanPS.Common;

/// <summary>Turns the engine's errors into PowerShell's.</summary>
internal static class CanErrors
{
    /// <summary>The record of an error, with its stable id, its category and the object concerned.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="target">The object concerned where the error itself names none.</param>
    public static ErrorRecord ToRecord(this CanException exception, object? target = null) =>
        new(exception, exception.ErrorId, CategoryOf(exception.Category), exception.Target ?? target);

    private static ErrorCategory CategoryOf(CanErrorCategory category) => category switch
    {
        CanErrorCategory.InvalidArgument => ErrorCategory.InvalidArgument,
        CanErrorCategory.ObjectNotFound => ErrorCategory.ObjectNotFound,
        CanErrorCategory.ResourceExists => ErrorCategory.ResourceExists,
        CanErrorCategory.InvalidOperation => ErrorCategory.InvalidOperation,
        CanErrorCategory.PermissionDenied => ErrorCategory.PermissionDenied,
        CanErrorCategory.NotInstalled => ErrorCategory.NotInstalled,
        CanErrorCategory.InvalidData => ErrorCategory.InvalidData,
        CanErrorCategory.ResourceUnavailable => ErrorCategory.ResourceUnavailable,
        CanErrorCategory.OperationTimeout => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.NotSpecified,
    };
}
