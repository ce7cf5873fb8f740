using System.CommandLine;
using Can.Cli.Common;

namespace Can.Cli.Containers;

/// <summary>Makes a container and does not start it.</summary>
internal sealed class CreateVerb : NewContainerVerb
{
    private readonly Option<string?> idFile;
    private readonly Option<bool> remove;

    public CreateVerb()
        : this(IdFile.Option(), Opt.Flag("--rm", "Remove it when it ends"))
    {
    }

    private CreateVerb(Option<string?> idFile, Option<bool> remove)
        : base("create", "Make a container and do not start it", [idFile, remove], "can create -ti --name c1 busybox sh") =>
        (this.idFile, this.remove) = (idFile, remove);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var file = IdFile.Claim(line.GetValue(idFile));
        var container = session.Engine.Containers.Create(Read(line) with { AutoRemove = line.GetValue(remove) }, start: false, session.Cancellation);
        IdFile.Write(file, container);
        session.Output.WriteLine(container.Id);
        return ExitCode.Success;
    }
}
