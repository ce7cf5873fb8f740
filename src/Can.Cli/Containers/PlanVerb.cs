using System.CommandLine;
using System.Globalization;
using Can.Cli.Common;
using Can.Cli.Common.Listing;
using Can.Engine.Starting;

namespace Can.Cli.Containers;

/// <summary>Shows what the kernel would be asked for a container's start.</summary>
internal sealed class PlanVerb : NewContainerVerb
{
    private readonly Option<bool> existing;

    private readonly Listing<(int Index, PlanStep Step)> listing;

    public PlanVerb()
        : this(
            Opt.Flag("--container", "The first argument is an existing container and not an image"),
            new(
                new("Index", "STEP", static step => step.Index.ToString(CultureInfo.InvariantCulture)),
                new("Stage", "STAGE", static step => step.Step.Stage.ToString().ToLowerInvariant()),
                new("Description", "WHAT THE KERNEL IS ASKED", static step => step.Step.Description + (step.Step.Optional ? " (if possible)" : "")),
                new("Operation", null, static step => step.Step.Operation.ToString()),
                new("Arguments", null, static step => string.Join(' ', step.Step.Arguments.Select(static argument => argument.ToString())))))
    {
    }

    private PlanVerb(Option<bool> existing, Listing<(int Index, PlanStep Step)> listing)
        : base("plan", "Show, step by step, what the kernel would be asked to start a container", [existing, listing.Format],
            "can plan -m 64m busybox sh", "can plan --container c1") =>
        (this.existing, this.listing) = (existing, listing);

    /// <inheritdoc/>
    public override int Run(ParseResult line, Session session)
    {
        var containers = session.Engine.Containers;
        var options = Read(line);
        var plan = line.GetValue(existing) ? containers.Plan(containers.Find(options.Image).Id) : containers.Plan(options);
        listing.Write(line, session.Output, [.. plan.Steps.Index().Select(static step => (step.Index, step.Item))]);
        return ExitCode.Success;
    }
}
