using Can.Engine;

namespace CanPS.Completion;

/// <summary>Completes from a fixed list.</summary>
internal abstract class FixedCompleter(params string[] texts) : CanCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<(string, string)> Candidates(CanEngine engine) => texts.Select(text => (text, text));
}

/// <summary>Signals by name, those that people send first.</summary>
internal sealed class SignalCompleter() : FixedCompleter(
    "SIGTERM", "SIGKILL", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGSTOP", "SIGCONT", "SIGWINCH", "SIGABRT", "SIGALRM",
    "SIGBUS", "SIGCHLD", "SIGFPE", "SIGILL", "SIGIO", "SIGPIPE", "SIGPROF", "SIGPWR", "SIGSEGV", "SIGSTKFLT", "SIGSYS", "SIGTRAP",
    "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGVTALRM", "SIGXCPU", "SIGXFSZ");

/// <summary>Restart policies.</summary>
internal sealed class RestartPolicyCompleter() : FixedCompleter("no", "on-failure", "on-failure:3", "always", "unless-stopped");

/// <summary>Networks.</summary>
internal sealed class NetworkCompleter() : FixedCompleter("none", "host");

/// <summary>Security options.</summary>
internal sealed class SecurityOptionCompleter() : FixedCompleter(
    "no-new-privileges=true", "no-new-privileges=false", "seccomp=default", "seccomp=unconfined", "systempaths=unconfined");

/// <summary>Resources of setrlimit(2).</summary>
internal sealed class UlimitCompleter() : FixedCompleter(
    "core=", "cpu=", "data=", "fsize=", "locks=", "memlock=", "msgqueue=", "nice=", "nofile=", "nproc=", "rss=", "rtprio=", "rttime=",
    "sigpending=", "stack=");
