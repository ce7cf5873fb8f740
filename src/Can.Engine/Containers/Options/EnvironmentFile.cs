using System.Text;

namespace Can.Engine.Containers.Options;

/// <summary>Files with environment variables.</summary>
public static class EnvironmentFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads lines of NAME=VALUE; NAME alone takes the caller's own value, and is left out if there is none.</summary>
    /// <param name="path">Absolute path of a UTF-8 text. Empty lines and lines that begin with <c>#</c> count for nothing; nothing is unquoted.</param>
    /// <remarks>Docker's form: https://docs.docker.com/reference/cli/docker/container/run/#env</remarks>
    /// <exception cref="CanException"><c>EnvironmentFileNotFound</c>, <c>EnvironmentFileInvalid</c> (the message names the line)</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var variables = new List<KeyValuePair<string, string>>();
        var number = 0;
        foreach (var line in ReadLines(path))
        {
            number++;
            if (ParseLine(line.TrimStart(), path, number) is { } variable)
            {
                variables.Add(variable);
            }
        }

        return variables;
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            // The reader drops a byte order mark.
            return File.ReadAllLines(path, Strict);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CanException(
                "EnvironmentFileNotFound", CanErrorCategory.ObjectNotFound, $"The environment file '{path}' does not exist.", path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new CanException(
                "EnvironmentFileInvalid", CanErrorCategory.InvalidData,
                $"The environment file '{path}' cannot be read as UTF-8 text: {exception.Message}", path, exception);
        }
    }

    private static KeyValuePair<string, string>? ParseLine(string line, string path, int number)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return null;
        }

        var equals = line.IndexOf('=');
        var name = equals < 0 ? line.TrimEnd() : line[..equals];
        if (name.Length == 0 || name.Any(char.IsWhiteSpace) || line.Contains('\0'))
        {
            throw new CanException(
                "EnvironmentFileInvalid", CanErrorCategory.InvalidData,
                $"Line {number} of the environment file '{path}' is not NAME=VALUE: a name is not empty and contains no blanks. Correct the line.", path);
        }

        if (equals >= 0)
        {
            return new(name, line[(equals + 1)..]);
        }

        return Environment.GetEnvironmentVariable(name) is { } value ? new(name, value) : null;
    }
}
