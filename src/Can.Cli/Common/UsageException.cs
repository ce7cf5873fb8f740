namespace Can.Cli.Common;

/// <summary>The command line cannot be understood.</summary>
/// <param name="message">What is wrong with it, without a full stop.</param>
internal sealed class UsageException(string message) : Exception(message);
