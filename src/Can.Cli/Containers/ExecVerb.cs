using System.CommandLine;
using Can.Cli.Common;
using Can.Engine;
using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Kernel;

namespace Can.Cli.Containers;

/// <summary>Runs a process in a running container.</summary>
internal sealed class ExecVerb : Verb
{
    private readonly Option<bool> detach = Opt.Flag("--detach|-d", "Leave it in the background");
    private readonly Option<bool> interactive = Opt.Flag("--interactive|-i", "Keep standard input open");
    private readonly Option<bool> tty = Opt.Flag("--tty|-t", "Give it a terminal, joined to this one");
    private readonly Option<IReadOnlyList<string>> environment = Opt.Texts("--env|-e", "NAME=VALUE", "An environment variable; NAME alone takes its value from here");
    private readonly Option<IReadOnlyList<string>> environmentFiles = Opt.Texts("--env-file", "FILE", "A file with NAME=VALUE lines");
    private readonly Option<string?> user = Opt.Text("--user|-u", "USER[:GROUP]", "User, by name or number");
    private readonly Option<string?> directory = Opt.Text("--workdir|-w", "PATH", "Working directory in the container");
    private readonly Option<bool> privileged = Opt.Flag("--privileged", "All capabilities and no system call filter");
    private readonly Option<string?> detachKeys = Opt.Text("--detach-keys", "KEYS", "Keys that leave its terminal; ctrl-p,ctrl-q by default, empty for none");
    private readonly Argument<string> name = Arg.One("CONTAINER", "Name, Id or beginning of an Id");
    private readonly Argument<string[]> command = Arg.Many("COMMAND", "Program and arguments");

    public ExecVerb()
        : base("exec", "Run a process in a running container", "can exec -ti c1 sh", "can exec -u nobody -e LANG=C c1 ps -ef", "can exec -d c1 sleep 60")
    {
        Add(detach, interactive, tty, environment, environmentFiles, user, directory, privileged, detachKeys);
        Add(name, command);
    }

    /// <inheritdoc/>
    public override int? CommandAfter => 1;

    /// <inheritdoc/>
    public override int FailureCode => ExitCode.Engine;

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var containers = session.Engine.Containers;
        var id = containers.Find(line.GetValue(name)!).Id;
        var options = Read(line);
        if (line.GetValue(detach))
        {
            containers.ExecDetached(id, options, session.Cancellation);
            return ExitCode.Success;
        }

        if (options.Tty && Console.IsInputRedirected && line.GetValue(interactive))
        {
            throw new CanException("NoTerminal", CanErrorCategory.InvalidOperation,
                "Standard input is not a terminal, so none can be joined. Run it in a terminal, or leave out -t.");
        }

        return options.Tty ? containers.ExecTerminal(id, options, session.Cancellation) ?? ExitCode.Success
            : containers.Exec(id, options, onLine: null, session.Cancellation).ExitCode;
    }

    private ExecOptions Read(ParseResult line)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (variable, value) in line.GetValue(environmentFiles)!.SelectMany(file => EnvironmentFile.Read(Path.GetFullPath(file))))
        {
            variables[variable] = value;
        }

        foreach (var text in line.GetValue(environment)!)
        {
            NamedText.Add(variables, text, fromEnvironment: true);
        }

        return new()
        {
            Command = line.GetValue(command)!,
            Environment = variables,
            WorkingDirectory = line.GetValue(directory),
            User = line.GetValue(user),
            Privileged = line.GetValue(privileged),
            Tty = line.GetValue(tty),
            DetachKeys = line.GetValue(detachKeys) ?? new AttachOptions().DetachKeys,
            StandardInput = line.GetValue(interactive) && !line.GetValue(tty) ? new DescriptorStream(0) : null,
            StandardOutput = DescriptorStream.StandardOutput(),
            StandardError = DescriptorStream.StandardError(),
        };
    }
}
