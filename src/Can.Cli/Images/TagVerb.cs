using System.CommandLine;
using Can.Cli.Common;

namespace Can.Cli.Images;

/// <summary>Gives an image another reference.</summary>
internal sealed class TagVerb : Verb
{
    private readonly Argument<string> source = Arg.One("IMAGE", "Reference, Id or unique beginning of one");
    private readonly Argument<string[]> targets = Arg.Many("REFERENCE", "What it is to be called as well; taken from an image that is called so");

    public TagVerb()
        : base("tag", "Give an image another reference", "can tag busybox team/shell:1", "can tag 9a0ec6a68900 localhost:5000/shell") => Add(source, targets);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        _ = session.Engine.Images.AddReferences(line.GetValue(source)!, line.GetValue(targets)!);
        return ExitCode.Success;
    }
}

/// <summary>Takes references away from images, which stay.</summary>
internal sealed class UntagVerb : Verb
{
    private readonly Argument<string[]> references = Arg.Many("REFERENCE", "The reference");

    public UntagVerb()
        : base("untag", "Take references away; the images stay", "can untag team/shell:1") => Add(references);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        session.Engine.Images.RemoveReferences(line.GetValue(references)!);
        return ExitCode.Success;
    }
}
