using System.CommandLine;
using Can.Cli.Common;
using Can.Engine;

namespace Can.Cli.Images;

/// <summary>Removes references, and images that have no other one.</summary>
internal sealed class RmiVerb : Verb
{
    private readonly Argument<string[]> images = Arg.Many("IMAGE", "Reference, Id or unique beginning of one");
    private readonly Option<bool> force = Opt.Flag("--force|-f", "By Id: although it has several references; one that is not there is fine");

    public RmiVerb(string name = "rmi")
        : base(name, "Remove images", "can rmi busybox", "can rmi -f 9a0ec6a68900", "can rmi $(can images -q --filter dangling=true)")
    {
        Add(images);
        Add(force);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var forced = line.GetValue(force);
        return session.ForEach(line.GetValue(images)!, name =>
        {
            if (forced && !Exists(session, name))
            {
                return;
            }

            Remove(session, name, forced);
        });
    }

    private static bool Exists(Session session, string name)
    {
        try
        {
            _ = session.Engine.Images.Get(name);
            return true;
        }
        catch (CanException error) when (error.ErrorId == "ImageNotFound")
        {
            return false;
        }
    }

    private static void Remove(Session session, string name, bool force)
    {
        var before = session.Engine.Images.Get(name);
        session.Engine.Images.Remove(name, force);
        var left = Exists(session, before.Id) ? session.Engine.Images.Get(before.Id).References : [];
        foreach (var reference in before.References.Except(left))
        {
            session.Output.WriteLine($"Untagged: {reference}");
        }

        if (left.Count == 0)
        {
            session.Output.WriteLine($"Deleted: {ImageText.Id(before, full: true)}");
        }
    }
}
