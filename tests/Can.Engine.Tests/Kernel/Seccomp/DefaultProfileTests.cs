using System.Security.Cryptography;
using System.Text;
using Can.Engine.Kernel;
using Can.Engine.Kernel.Seccomp;

namespace Can.Engine.Tests.Kernel.Seccomp;

public sealed class DefaultProfileTests
{
    [Fact]
    public void The_revision_names_the_content()
    {
        var text = new StringBuilder();
        foreach (var architecture in new[] { SeccompArchitecture.X64, SeccompArchitecture.Arm64 })
        {
            foreach (var capabilities in Capabilities.Names(ulong.MaxValue).Select(Capabilities.Parse).Append(0UL))
            {
                text.AppendJoin('\n', DefaultProfile.Rules(capabilities, architecture)).AppendJoin(' ', RecentCalls.Allowed(capabilities));
            }
        }

        // When this fails, the value it shows as actual is the new revision.
        Assert.Equal(DefaultProfile.Revision, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16]);
    }

    [Fact]
    public void No_call_is_allowed_twice() =>
        Assert.Distinct(DefaultProfile.Rules(0, SeccompArchitecture.X64));

    [Fact]
    public void Every_old_call_is_the_librarys_and_every_recent_one_is_not_asked_of_it()
    {
        // Names that no architecture of ours has are typing errors; libseccomp knows the names of all.
        string[] newer = ["uretprobe"];
        foreach (var rule in DefaultProfile.Rules(ulong.MaxValue, SeccompArchitecture.X64).Concat(DefaultProfile.Rules(0, SeccompArchitecture.Arm64)))
        {
            Assert.True(LibSeccomp.seccomp_syscall_resolve_name(rule.Call) != LibSeccomp.__NR_SCMP_ERROR || newer.Contains(rule.Call), rule.Call);
            Assert.DoesNotContain(rule.Call, RecentCalls.Allowed(ulong.MaxValue));
        }
    }

    [Fact]
    public void Only_some_capabilities_make_another_filter()
    {
        Assert.Equal(0UL, DefaultProfile.RelevantCapabilities & Capabilities.Parse("CHOWN"));
        Assert.Equal(
            Capabilities.Parse("SYS_CHROOT"), DefaultProfile.RelevantCapabilities & Capabilities.Default);
    }
}
