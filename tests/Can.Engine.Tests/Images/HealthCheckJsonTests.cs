using System.Text;
using Can.Engine.Containers;
using Can.Engine.Images;
using Can.Engine.Images.Oci;

namespace Can.Engine.Tests.Images;

public class HealthCheckJsonTests
{
    private const string Layer = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public void A_docker_configuration_says_how_health_is_checked()
    {
        var check = Read("""{"Test":["CMD-SHELL","wget -q localhost"],"Interval":100000000,"Timeout":3000000000,"StartPeriod":1500000000,"StartInterval":0,"Retries":5}""");

        Assert.NotNull(check);
        Assert.Equal(["CMD-SHELL", "wget -q localhost"], check.Test);
        Assert.Equal(["/bin/sh", "-c", "wget -q localhost"], check.Arguments);
        Assert.Equal(TimeSpan.FromMilliseconds(100), check.Interval);
        Assert.Equal(TimeSpan.FromSeconds(3), check.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(1.5), check.StartPeriod);
        Assert.Null(check.StartInterval);
        Assert.Equal(5, check.Retries);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"Test":null,"Interval":1000000000}""")]
    [InlineData("""{"Test":[]}""")]
    public void One_without_a_test_says_nothing(string json) => Assert.Null(Read(json));

    [Fact]
    public void What_cannot_be_meant_is_not_said()
    {
        var check = Read("""{"Test":["CMD","true"],"Interval":-1,"Retries":-3}""");

        Assert.NotNull(check);
        Assert.Null(check.Interval);
        Assert.Null(check.Retries);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var check = HealthCheck.Command("test", "-e", "/ready") with
        {
            Interval = TimeSpan.FromSeconds(10),
            Timeout = TimeSpan.FromMilliseconds(1),
            StartPeriod = TimeSpan.FromMinutes(1),
            StartInterval = TimeSpan.FromSeconds(2),
            Retries = 7,
        };

        var written = OciConfiguration.Write(new ImageConfiguration { HealthCheck = check }, [Layer], "test");
        var read = OciConfiguration.Defaults(OciReader.Image(written)).HealthCheck;

        Assert.NotNull(read);
        Assert.Equal(check.Test, read.Test);
        Assert.Equal(check with { Test = read.Test }, read);
        Assert.Contains("\"Interval\":10000000000,", Encoding.UTF8.GetString(written));
    }

    [Fact]
    public void An_image_without_one_is_written_as_before() =>
        Assert.DoesNotContain("ealth", Encoding.UTF8.GetString(OciConfiguration.Write(new ImageConfiguration(), [Layer], "test")));

    private static HealthCheck? Read(string healthCheck)
    {
        var json = $$$"""{"architecture":"amd64","os":"linux","config":{"Healthcheck":{{{healthCheck}}}},"rootfs":{"type":"layers","diff_ids":["sha256:{{{Layer}}}"]}}""";
        return OciConfiguration.Defaults(OciReader.Image(Encoding.UTF8.GetBytes(json))).HealthCheck;
    }
}
