using Can.Engine.Containers.Options;
using Can.Engine.Images;

namespace Can.Engine.Containers;

/// <summary>The complete environment of a new container.</summary>
internal static class EnvironmentResolver
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>PATH, HOSTNAME and (with a terminal) TERM, then in rising order the image's variables, the files' and the caller's.</summary>
    /// <exception cref="CanException"><c>EnvironmentInvalid</c>, <c>EnvironmentFileNotFound</c>, <c>EnvironmentFileInvalid</c></exception>
    public static IReadOnlyList<string> Resolve(ContainerOptions options, ImageConfiguration configuration, string hostname)
    {
        List<string> variables = [$"PATH={DefaultPath}", $"HOSTNAME={hostname}"];
        if (options.Tty)
        {
            variables.Add(EnvironmentList.DefaultTerminal);
        }

        foreach (var variable in configuration.Environment)
        {
            var equals = variable.IndexOf('=');
            EnvironmentList.Set(variables, equals < 0 ? variable : variable[..equals], equals < 0 ? "" : variable[(equals + 1)..]);
        }

        foreach (var file in options.EnvironmentFiles)
        {
            foreach (var (name, value) in EnvironmentFile.Read(file))
            {
                EnvironmentList.Set(variables, name, value);
            }
        }

        foreach (var (name, value) in options.Environment)
        {
            RequireName(name);
            EnvironmentList.Set(variables, name, value);
        }

        return variables;
    }

    private static void RequireName(string name)
    {
        if (name.Length == 0 || name.Contains('=') || name.Contains('\0'))
        {
            throw OptionError.Invalid("EnvironmentInvalid", "name of an environment variable", name, "a text that is not empty and contains no '='");
        }
    }
}
