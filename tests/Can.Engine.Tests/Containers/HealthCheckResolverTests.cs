using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>The caller's health check joined with the image's, by Docker's rules.</summary>
public sealed class HealthCheckResolverTests
{
    private static readonly ContainerOptions Options = new() { Image = "web" };

    private static readonly HealthCheck Image = HealthCheck.Shell("wget -q localhost") with { Interval = TimeSpan.FromSeconds(7), Retries = 5 };

    [Fact]
    public void Without_any_there_is_none() => Assert.Null(HealthCheckResolver.Resolve(Options, null));

    [Fact]
    public void The_image_s_is_completed_with_defaults()
    {
        var check = HealthCheckResolver.Resolve(Options, Image)!;

        Assert.Equal(Image.Test, check.Test);
        Assert.Equal(TimeSpan.FromSeconds(7), check.Interval);
        Assert.Equal(TimeSpan.FromSeconds(30), check.Timeout);
        Assert.Equal(TimeSpan.Zero, check.StartPeriod);
        Assert.Equal(TimeSpan.FromSeconds(5), check.StartInterval);
        Assert.Equal(5, check.Retries);
    }

    [Fact]
    public void What_the_caller_says_wins()
    {
        var check = HealthCheckResolver.Resolve(Options with { HealthCheck = HealthCheck.Command("true") with { Retries = 1 } }, Image)!;

        Assert.Equal(["true"], check.Arguments);
        Assert.Equal((TimeSpan.FromSeconds(7), 1), (check.Interval, check.Retries));
    }

    [Fact]
    public void Times_can_be_changed_alone()
    {
        var check = HealthCheckResolver.Resolve(Options with { HealthCheck = new() { Test = [], Timeout = TimeSpan.FromMilliseconds(1) } }, Image)!;

        Assert.Equal(Image.Test, check.Test);
        Assert.Equal(TimeSpan.FromMilliseconds(1), check.Timeout);
    }

    [Fact]
    public void But_not_those_of_no_health_check()
    {
        var options = Options with { HealthCheck = new() { Test = [], Timeout = TimeSpan.FromSeconds(1) } };

        EngineFixture.Fails("HealthCheckMissing", () => HealthCheckResolver.Resolve(options, null));
        EngineFixture.Fails("HealthCheckMissing", () => HealthCheckResolver.Resolve(options, HealthCheck.None));
    }

    [Fact]
    public void The_image_s_can_be_switched_off() => Assert.Null(HealthCheckResolver.Resolve(Options with { HealthCheck = HealthCheck.None }, Image));

    [Theory]
    [InlineData("NONE")]
    [InlineData("CMD")]
    [InlineData("CMD-SHELL")]
    [InlineData("SCRIPT", "true")]
    public void An_image_whose_test_is_none_has_none(params string[] test) => Assert.Null(HealthCheckResolver.Resolve(Options, new() { Test = test }));

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Refuses(HealthCheck.Shell(""));
        Refuses(HealthCheck.Command());
        Refuses(HealthCheck.Command(""));
        Refuses(HealthCheck.Shell("true") with { Interval = TimeSpan.Zero });
        Refuses(HealthCheck.Shell("true") with { Timeout = TimeSpan.FromTicks(9999) });
        Refuses(HealthCheck.Shell("true") with { StartPeriod = TimeSpan.FromTicks(-1) });
        Refuses(HealthCheck.Shell("true") with { StartInterval = TimeSpan.Zero });
        Refuses(HealthCheck.Shell("true") with { Retries = 0 });
    }

    private static void Refuses(HealthCheck check) =>
        EngineFixture.Fails("HealthCheckInvalid", () => HealthCheckResolver.Resolve(Options with { HealthCheck = check }, Image));
}
