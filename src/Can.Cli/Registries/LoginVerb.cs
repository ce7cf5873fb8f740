using System.CommandLine;
using System.Text;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Engine.Images;
using Can.Engine.Images.Registries;

namespace Can.Cli.Registries;

/// <summary>Logs in to a registry.</summary>
internal sealed class LoginVerb : Verb
{
    private readonly Argument<string?> host = Arg.Maybe("REGISTRY", $"Host, and port after a colon; {ImageReference.DefaultRegistry} if left out");
    private readonly Option<string?> user = Opt.Text("--username|-u", "NAME", "User name; asked for if left out");
    private readonly Option<string?> password = Opt.Text("--password|-p", "PASSWORD", "Password; other users of this machine can see it there, so better let it be asked for");
    private readonly Option<bool> fromInput = Opt.Flag("--password-stdin", "Read the password from standard input");
    private readonly Option<bool> list = Opt.Flag("--list|-l", "List the logins there are, those of other tools as well");
    private readonly RegistryArguments registry = new();

    private readonly Listing<RegistryLogin> listing = new(
        new("Registry", "REGISTRY", static login => login.Registry),
        new("Username", "USERNAME", static login => login.UserName),
        new("Source", "SOURCE", static login => login.Source));

    public LoginVerb()
        : base("login", "Log in to a registry; the password is kept for pull and push", "can login registry.example", "can login -u me --password-stdin localhost:5000 < password", "can login --list")
    {
        Add(host);
        Add(user, password, fromInput, list, listing.Format, registry.Verify, registry.Insecure);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        if (line.GetValue(list))
        {
            listing.Write(line, session.Output, session.Engine.Registries.List());
            return ExitCode.Success;
        }

        if (line.GetValue(password) is not null && line.GetValue(fromInput))
        {
            throw new UsageException("--password and --password-stdin exclude each other");
        }

        var name = line.GetValue(user) ?? Ask(session, "User name: ", "-u NAME", secret: false);
        var secret = line.GetValue(password) ?? (line.GetValue(fromInput) ? ReadInput() : Ask(session, "Password: ", "--password-stdin", secret: true));
        var login = session.Engine.Registries.Connect(
            line.GetValue(host) ?? ImageReference.DefaultRegistry, registry.Read(line) with { Credential = new RegistryCredential(name, secret) }, session.Cancellation);
        session.Output.WriteLine($"Login Succeeded: {login.UserName} at {login.Registry}");
        return ExitCode.Success;
    }

    // One line end is the editor's, not the password's.
    private static string ReadInput()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        var text = input.ReadToEnd();
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }

    private static string Ask(Session session, string question, string instead, bool secret)
    {
        if (Console.IsInputRedirected)
        {
            throw new UsageException($"standard input is not a terminal, so nothing can be asked; give {instead}");
        }

        session.Error.Write(question);
        session.Error.Flush();
        var answer = secret ? ReadSecret() : Console.ReadLine();
        if (secret)
        {
            session.Error.WriteLine();
        }

        return answer is { Length: > 0 } ? answer : throw new UsageException($"nothing was typed; give {instead}");
    }

    private static string ReadSecret()
    {
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (key.KeyChar != '\0')
            {
                typed.Append(key.KeyChar);
            }
        }

        return typed.ToString();
    }
}

/// <summary>Forgets a login.</summary>
internal sealed class LogoutVerb : Verb
{
    private readonly Argument<string?> host = Arg.Maybe("REGISTRY", $"Host, and port after a colon; {ImageReference.DefaultRegistry} if left out");

    public LogoutVerb()
        : base("logout", "Forget the password of a registry", "can logout localhost:5000") => Add(host);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var login = session.Engine.Registries.Disconnect(line.GetValue(host) ?? ImageReference.DefaultRegistry);
        session.Output.WriteLine($"Logged out: {login.UserName} at {login.Registry}");
        return ExitCode.Success;
    }
}
