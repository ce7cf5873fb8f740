using Can.Engine.Containers.Options;

namespace Can.Engine.Containers;

/// <summary>Joins the health check that the caller asks for with the image's.</summary>
internal static class HealthCheckResolver
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>The health check of a new container with every value given; null if there is none.</summary>
    /// <exception cref="CanException"><c>HealthCheckInvalid</c>; <c>HealthCheckMissing</c>: it says when to check, and nobody says how.</exception>
    public static HealthCheck? Resolve(ContainerOptions options, HealthCheck? image)
    {
        var given = options.HealthCheck;
        Check(given);
        var test = given is { Test.Count: > 0 } ? given.Test : image?.Test ?? [];
        var check = new HealthCheck
        {
            Test = test,
            Interval = given?.Interval ?? image?.Interval ?? HealthCheck.DefaultInterval,
            Timeout = given?.Timeout ?? image?.Timeout ?? HealthCheck.DefaultTimeout,
            StartPeriod = given?.StartPeriod ?? image?.StartPeriod ?? TimeSpan.Zero,
            StartInterval = given?.StartInterval ?? image?.StartInterval ?? HealthCheck.DefaultStartInterval,
            Retries = given?.Retries ?? image?.Retries ?? HealthCheck.DefaultRetries,
        };
        return check.Arguments.Count > 0 ? check
            : given is null || given.Test.Count > 0 ? null
            : throw new CanException(
                "HealthCheckMissing", CanErrorCategory.InvalidArgument,
                $"The image '{options.Image}' has no health check whose times could be changed. Say what to run: -HealthCommand 'wget -q -O /dev/null http://localhost/'.", options.Image);
    }

    private static void Check(HealthCheck? given)
    {
        if (given is { Test.Count: > 0, Arguments.Count: 0 } and not { Test: ["NONE"] })
        {
            throw Invalid("health check", string.Join(' ', given.Test), "a text for /bin/sh, or a program and its arguments");
        }

        CheckTime("interval", given?.Interval, Shortest);
        CheckTime("timeout", given?.Timeout, Shortest);
        CheckTime("start period", given?.StartPeriod, TimeSpan.Zero);
        CheckTime("start interval", given?.StartInterval, Shortest);
        if (given?.Retries < 1)
        {
            throw Invalid("number of retries of a health check", $"{given.Retries}", "at least 1");
        }
    }

    private static void CheckTime(string what, TimeSpan? given, TimeSpan least)
    {
        if (given < least)
        {
            throw Invalid($"{what} of a health check", $"{given}", least == TimeSpan.Zero ? "a time from 0 seconds up" : "at least 1 millisecond");
        }
    }

    private static CanException Invalid(string what, string text, string expected) => OptionError.Invalid("HealthCheckInvalid", what, text, expected);
}
