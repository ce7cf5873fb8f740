using System.CommandLine;
using Can.Cli.Common;

namespace Can.Cli.Containers;

/// <summary>Makes a container and does not start it.</summary>
internal sealed class CreateVerb : NewContainerVerb
{
    private readonly Option<string?> idFile;
    private readonly Option<bool> remove;
    private readonly PullOptions pull;

    public CreateVerb()
        : this(IdFile.Option(), Opt.Flag("--rm", "Remove it when it ends"), new())
    {
    }

    private CreateVerb(Option<string?> idFile, Option<bool> remove, PullOptions pull)
        : base("create", "Make a container and do not start it", [idFile, remove, .. pull.All], "can create -ti --name c1 busybox sh") =>
        (this.idFile, this.remove, this.pull) = (idFile, remove, pull);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var file = IdFile.Claim(line.GetValue(idFile));
        var options = Read(line) with { AutoRemove = line.GetValue(remove), Pull = pull.Read(line, session) };
        var container = session.Engine.Containers.Create(options, start: false, session.Cancellation);
        IdFile.Write(file, container);
        session.Output.WriteLine(container.Id);
        return ExitCode.Success;
    }
}
