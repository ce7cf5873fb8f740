using Can.Engine.Containers;
using Can.Engine.Containers.Options;

namespace Can.Engine.Tests.Containers.Options;

/// <summary>The short text forms of options.</summary>
public sealed class TextFormTests
{
    [Theory]
    [InlineData("64MB", 64L << 20)]
    [InlineData("512m", 512L << 20)]
    [InlineData("1g", 1L << 30)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData("1048576", 1048576)]
    [InlineData("10 kb", 10240)]
    [InlineData("7b", 7)]
    [InlineData(" 1T ", 1L << 40)]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Size_is_read(string text, long expected) => Assert.Equal(expected, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-2")]
    [InlineData("1x")]
    [InlineData("1mbb")]
    [InlineData("1bb")]
    [InlineData("1..5g")]
    [InlineData("1,5g")]
    [InlineData("8192P")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999P")]
    public void Size_is_refused(string text) => AssertError("SizeInvalid", text, () => ByteSize.Parse(text));

    [Theory]
    [InlineData("SIGTERM", 15)]
    [InlineData("term", 15)]
    [InlineData("15", 15)]
    [InlineData("sigkill", 9)]
    [InlineData("SYS", 31)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+1", 35)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("64", 64)]
    public void Signal_is_read(string text, int expected) => Assert.Equal(expected, SignalNumber.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-1")]
    [InlineData("SIGSIGTERM")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMAX+1")]
    [InlineData("NOSUCH")]
    public void Signal_is_refused(string text) => AssertError("SignalInvalid", text, () => SignalNumber.Parse(text));

    [Fact]
    public void Signal_names_are_read_back()
    {
        Assert.All(Enumerable.Range(1, 31).Concat(Enumerable.Range(34, 31)), number =>
            Assert.Equal(number, SignalNumber.Parse(SignalNumber.Name(number))));
    }

    [Theory]
    [InlineData("ctrl-p,ctrl-q", new byte[] { 16, 17 })]
    [InlineData("CTRL-A", new byte[] { 1 })]
    [InlineData("ctrl-@,ctrl-[,ctrl-_", new byte[] { 0, 27, 31 })]
    [InlineData("a,Z", new byte[] { 97, 90 })]
    [InlineData("", new byte[0])]
    public void Detach_keys_are_read(string text, byte[] expected) => Assert.Equal(expected, DetachKeys.Parse(text));

    [Theory]
    [InlineData("ctrl-")]
    [InlineData("ctrl-1")]
    [InlineData("ctrl-p,")]
    [InlineData("alt-a")]
    [InlineData("é")]
    public void Detach_keys_are_refused(string text) => AssertError("DetachKeysInvalid", text, () => DetachKeys.Parse(text));

    [Theory]
    [InlineData("c1")]
    [InlineData("web.1_a-B")]
    public void Container_name_is_taken(string name) => ContainerName.Validate(name);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("ab\n")]
    [InlineData("größe")]
    public void Container_name_is_refused(string name) => AssertError("ContainerNameInvalid", name, () => ContainerName.Validate(name));

    [Fact]
    public void Container_name_fits_a_file_name()
    {
        ContainerName.Validate(new string('a', 255));
        Assert.Throws<CanException>(() => ContainerName.Validate(new string('a', 256)));
    }

    [Theory]
    [InlineData("no", RestartCondition.No, 0, "no")]
    [InlineData("always", RestartCondition.Always, 0, "always")]
    [InlineData("Unless-Stopped", RestartCondition.UnlessStopped, 0, "unless-stopped")]
    [InlineData("UnlessStopped", RestartCondition.UnlessStopped, 0, "unless-stopped")]
    [InlineData("on-failure", RestartCondition.OnFailure, 0, "on-failure")]
    [InlineData("on-failure:3", RestartCondition.OnFailure, 3, "on-failure:3")]
    public void Restart_policy_is_read(string text, RestartCondition condition, int retries, string written)
    {
        var policy = RestartPolicy.Parse(text);

        Assert.Equal(new RestartPolicy(condition, retries), policy);
        Assert.Equal(written, policy.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sometimes")]
    [InlineData("always:3")]
    [InlineData("on-failure:")]
    [InlineData("on-failure:-1")]
    public void Restart_policy_is_refused(string text) => AssertError("RestartPolicyInvalid", text, () => RestartPolicy.Parse(text));

    [Theory]
    [InlineData("nofile=1024:2048", "nofile", 1024, 2048)]
    [InlineData("NOFILE=1024", "nofile", 1024, 1024)]
    [InlineData("core=-1", "core", -1, -1)]
    [InlineData("memlock=64:unlimited", "memlock", 64, -1)]
    public void Ulimit_is_read(string text, string name, long soft, long hard) => Assert.Equal(new Ulimit(name, soft, hard), Ulimit.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("nofile")]
    [InlineData("nofile=")]
    [InlineData("nofile=1:2:3")]
    [InlineData("nosuch=1")]
    [InlineData("nofile=2:1")]
    [InlineData("nofile=-1:5")]
    [InlineData("nofile=-2")]
    public void Ulimit_is_refused(string text) => AssertError("UlimitInvalid", text, () => Ulimit.Parse(text));

    [Theory]
    [InlineData("/dev/fuse", "/dev/fuse", "/dev/fuse", "rwm")]
    [InlineData("/dev/fuse:rw", "/dev/fuse", "/dev/fuse", "rw")]
    [InlineData("/dev/a:/dev/b", "/dev/a", "/dev/b", "rwm")]
    [InlineData("/dev/a:/dev/b:R", "/dev/a", "/dev/b", "r")]
    public void Device_is_read(string text, string host, string container, string permissions) =>
        Assert.Equal(new DeviceMapping(host, container, permissions), DeviceMapping.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("fuse")]
    [InlineData("/dev/a:")]
    [InlineData("/dev/a:x")]
    [InlineData("/dev/a:rr")]
    [InlineData("/dev/a:/dev/b:rw:m")]
    public void Device_is_refused(string text) => AssertError("DeviceInvalid", text, () => DeviceMapping.Parse(text));

    [Fact]
    public void Device_rate_is_read() => Assert.Equal(new DeviceRate("/dev/sda", 10L << 20), DeviceRate.Parse("/dev/sda:10MB"));

    [Theory]
    [InlineData("/dev/sda", "DeviceRateInvalid")]
    [InlineData("sda:1m", "DeviceRateInvalid")]
    [InlineData("/dev/sda:0", "DeviceRateInvalid")]
    [InlineData("/dev/sda:fast", "SizeInvalid")]
    public void Device_rate_is_refused(string text, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<CanException>(() => DeviceRate.Parse(text)).ErrorId);

    [Theory]
    [InlineData("no-new-privileges", true)]
    [InlineData("no-new-privileges=true", true)]
    [InlineData("no-new-privileges:false", false)]
    public void No_new_privileges_is_read(string text, bool expected) =>
        Assert.Equal(expected, SecuritySettings.Parse([text]).NoNewPrivileges);

    [Fact]
    public void Later_security_option_wins()
    {
        var settings = SecuritySettings.Parse(["seccomp=unconfined", "systempaths=unconfined", "seccomp=default"]);

        Assert.Equal(new SecuritySettings { SystemPathsUnconfined = true }, settings);
    }

    [Theory]
    [InlineData("apparmor=unconfined")]
    [InlineData("seccomp=/profile.json")]
    [InlineData("no-new-privileges=maybe")]
    [InlineData("")]
    public void Security_option_is_refused(string text) => AssertError("SecurityOptionInvalid", text, () => SecuritySettings.Parse([text]));

    private static void AssertError(string errorId, string target, Action action)
    {
        var error = Assert.Throws<CanException>(action);
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(target, error.Target);
        Assert.Contains($"'{target}'", error.Message, StringComparison.Ordinal);
    }
}
