using System.Collections;
using System.Management.Automation;
using Can.Engine;
using Can.Engine.Containers;
using CanPS.Parameters;

namespace CanPS.Containers;

/// <content>Health check.</content>
public abstract partial class NewContainerCmdlet
{
    /// <summary>Health check instead of the image's: a text for the container's shell, or an array of a program and its arguments; exit code 0 means healthy.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [ValidateNotNullOrEmpty]
    public object? HealthCommand { get; set; }

    /// <summary>Seconds (or a TimeSpan) between two health checks; 30 by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [Duration]
    public TimeSpan? HealthInterval { get; set; }

    /// <summary>Seconds (or a TimeSpan) after which a health check is killed and has failed; 30 by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [Duration]
    public TimeSpan? HealthTimeout { get; set; }

    /// <summary>Seconds (or a TimeSpan) after the start in which failures do not count, until the first success; 0 by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [Duration]
    public TimeSpan? HealthStartPeriod { get; set; }

    /// <summary>Seconds (or a TimeSpan) between two health checks in the start period; 5 by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    [Duration]
    public TimeSpan? HealthStartInterval { get; set; }

    /// <summary>How many health checks in a row have to fail for the container to be unhealthy; 3 by default.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public int? HealthRetries { get; set; }

    /// <summary>Does without the image's health check.</summary>
    [Parameter(ParameterSetName = ParameterSets.Image)]
    [Parameter(ParameterSetName = ParameterSets.ImageObject)]
    public SwitchParameter NoHealthCheck { get; set; }

    private HealthCheck? Health()
    {
        var given = HealthTest() with
        {
            Interval = HealthInterval,
            Timeout = HealthTimeout,
            StartPeriod = HealthStartPeriod,
            StartInterval = HealthStartInterval,
            Retries = HealthRetries,
        };
        var nothing = given is { Test.Count: 0, Interval: null, Timeout: null, StartPeriod: null, StartInterval: null, Retries: null };
        if (!NoHealthCheck)
        {
            return nothing ? null : given;
        }

        return nothing ? HealthCheck.None : throw new CanException(
            "HealthCheckInvalid", CanErrorCategory.InvalidArgument,
            "A health check is described and switched off at once. Leave out -NoHealthCheck, or all other -Health parameters.");
    }

    private HealthCheck HealthTest() => (HealthCommand is PSObject wrapped ? wrapped.BaseObject : HealthCommand) switch
    {
        null => new() { Test = [] },
        IEnumerable words and not string => HealthCheck.Command(CommandLine.From([words])!),
        _ => HealthCheck.Shell(LanguagePrimitives.ConvertTo<string>(HealthCommand)),
    };
}
