namespace Can.Engine.Containers.Options;

/// <summary>The error of an option's text or hashtable that cannot be understood.</summary>
internal static class OptionError
{
    /// <summary>Makes the error.</summary>
    /// <param name="errorId">Its stable id.</param>
    /// <param name="what">What the text should be, such as <c>size</c>.</param>
    /// <param name="text">The text.</param>
    /// <param name="expected">Which forms are understood, or what is wrong with this one.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public static CanException Invalid(string errorId, string what, string text, string expected, Exception? innerException = null) =>
        new(errorId, CanErrorCategory.InvalidArgument, $"'{text}' is not a valid {what}. Expected: {expected}.", text, innerException);
}
