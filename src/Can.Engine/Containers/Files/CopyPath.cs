namespace Can.Engine.Containers.Files;

/// <summary>A path as docker cp reads it: what it ends with says what is meant.</summary>
/// <remarks>https://docs.docker.com/reference/cli/docker/container/cp/</remarks>
internal sealed record CopyPath
{
    /// <param name="text">Absolute path; in a container the leading slash may be missing.</param>
    public CopyPath(string text)
    {
        var rest = text;
        while (rest.Length > 0)
        {
            if (rest.EndsWith("/.", StringComparison.Ordinal) || rest == ".")
            {
                (Content, Directory, rest) = (true, true, rest[..^1]);
            }
            else if (rest[^1] == '/')
            {
                (Directory, rest) = (true, rest[..^1]);
            }
            else
            {
                break;
            }
        }

        Path = rest.Length == 0 ? "/" : rest[0] == '/' ? rest : "/" + rest;

        // The root and what ends with ".." have no name of their own that a copy could get.
        Content |= Path == "/" || Name == "..";
        Directory |= Content;
    }

    /// <summary>The path without what it ends with.</summary>
    public string Path { get; }

    /// <summary>It must be a directory.</summary>
    public bool Directory { get; }

    /// <summary>What is in the directory is meant, not the directory.</summary>
    public bool Content { get; }

    /// <summary>The last component.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The directory that it is in.</summary>
    public string Parent => Path.LastIndexOf('/') is > 0 and var slash ? Path[..slash] : "/";
}
