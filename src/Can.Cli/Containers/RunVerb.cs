using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Makes a container and runs it.</summary>
internal sealed class RunVerb : NewContainerVerb
{
    private readonly Option<bool> detach;
    private readonly Option<bool> remove;
    private readonly Option<string?> idFile;
    private readonly ForegroundOptions foreground;
    private readonly PullOptions pull;

    public RunVerb()
        : this(Opt.Flag("--detach|-d", "Leave it in the background and print its Id"), Opt.Flag("--rm", "Remove it when it ends"), IdFile.Option(), new(), new())
    {
    }

    private RunVerb(Option<bool> detach, Option<bool> remove, Option<string?> idFile, ForegroundOptions foreground, PullOptions pull)
        : base(
            "run",
            "Make a container of an image and run it",
            [detach, remove, idFile, .. foreground.All, .. pull.All],
            "can run -ti --name c1 busybox sh",
            "can run --rm busybox ls -l /",
            "can run -d --name web -p 8080:80 -m 64m --restart always httpd",
            "tar c . | can run --rm -i busybox tar t") =>
        (this.detach, this.remove, this.idFile, this.foreground, this.pull) = (detach, remove, idFile, foreground, pull);

    /// <inheritdoc/>
    public override int FailureCode => ExitCode.Engine;

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var file = IdFile.Claim(line.GetValue(idFile));
        var options = Read(line) with { AutoRemove = line.GetValue(remove), Pull = pull.Read(line, session) };
        if (line.GetValue(detach))
        {
            var container = session.Engine.Containers.Create(options, start: true, session.Cancellation);
            IdFile.Write(file, container);
            session.Output.WriteLine(container.Id);
            return ExitCode.Success;
        }

        var result = foreground.Join(line, session, options.Interactive, options.Tty, (attach, cancellation) =>
            session.Engine.Containers.Run(options, attach with { Started = container => Start(container, attach, file) }, options.AutoRemove, onLine: null, cancellation));
        return result.ExitCode ?? ExitCode.Success;
    }

    private static void Start(Container container, AttachOptions attach, string? file)
    {
        IdFile.Write(file, container);
        attach.Started?.Invoke(container);
    }
}
