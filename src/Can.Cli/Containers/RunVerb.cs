using System.CommandLine;
using Can.Cli.Common;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>Makes a container and runs it.</summary>
internal sealed class RunVerb : NewContainerVerb
{
    private readonly Option<bool> detach;
    private readonly Option<bool> remove;
    private readonly Option<IReadOnlyList<string>> attached;
    private readonly Option<string?> idFile;
    private readonly ForegroundOptions foreground;
    private readonly PullOptions pull;

    public RunVerb()
        : this(
            Opt.Flag("--detach|-d", "Leave it in the background and print its Id"), Opt.Flag("--rm", "Remove it when it ends"),
            Opt.Texts("--attach|-a", "stdin|stdout|stderr", "Only this stream; both outputs by default, and standard input with -i"), IdFile.Option(), new(), new())
    {
    }

    private RunVerb(Option<bool> detach, Option<bool> remove, Option<IReadOnlyList<string>> attached, Option<string?> idFile, ForegroundOptions foreground, PullOptions pull)
        : base(
            "run",
            "Make a container of an image and run it",
            [detach, remove, attached, idFile, .. foreground.All, .. pull.All],
            "can run -ti --name c1 busybox sh",
            "can run --rm busybox ls -l /",
            "can run -d --name web -p 8080:80 -m 64m --restart always httpd",
            "tar c . | can run --rm -i busybox tar t",
            "can run -a stderr --rm busybox sh -c 'echo seen >&2; echo not seen'") =>
        (this.detach, this.remove, this.attached, this.idFile, this.foreground, this.pull) = (detach, remove, attached, idFile, foreground, pull);

    /// <inheritdoc/>
    public override int FailureCode => ExitCode.Engine;

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var streams = Streams(line);
        var file = IdFile.Claim(line.GetValue(idFile));
        var options = Read(line) with { AutoRemove = line.GetValue(remove), Pull = pull.Read(line, session) };
        if (line.GetValue(detach))
        {
            var container = session.Engine.Containers.Create(options, start: true, session.Cancellation);
            IdFile.Write(file, container);
            session.Output.WriteLine(container.Id);
            return ExitCode.Success;
        }

        var result = foreground.Join(
            line, session, options.Interactive, options.Tty,
            (attach, cancellation) => session.Engine.Containers.Run(
                options, attach with { Started = container => Start(container, session, attach, file) }, options.AutoRemove, onLine: null, cancellation),
            streams);
        return streams == AttachedStreams.None ? ExitCode.Success : result.ExitCode ?? ExitCode.Success;
    }

    /// <summary>The output streams that are wanted. Standard input follows --interactive alone, as without it the container has none.</summary>
    private AttachedStreams Streams(ParseResult line)
    {
        var names = line.GetValue(attached)!;
        if (names.Count > 0 && line.GetValue(detach))
        {
            throw new UsageException("--attach and --detach exclude each other");
        }

        var (output, input) = Attachment.Of(names);
        return output != AttachedStreams.None || (input && line.GetValue(Interactive)) ? output : throw new UsageException(
            "--attach=stdin needs --interactive, without which the container has no standard input");
    }

    private static void Start(Container container, Session session, AttachOptions attach, string? file)
    {
        IdFile.Write(file, container);
        if (attach.DetachAfterInput)
        {
            session.Output.WriteLine(container.Id);
            session.Output.Flush();
        }

        attach.Started?.Invoke(container);
    }
}
