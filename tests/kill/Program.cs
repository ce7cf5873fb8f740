using System.Diagnostics;
using System.Runtime.InteropServices;
using Can.Kill;

if (args is ["subject", ..])
{
    return Subject.Run(args[1..]);
}

if (args is ["check", ..])
{
    return Subject.Check(args[1..]);
}

if (args is ["contend", ..])
{
    return Contender.Run(args[1..]);
}

if (args is ["contend-network", ..])
{
    return NetworkContender.Run(args[1..]);
}

if (args is ["life", ..])
{
    return NetworkLife.Run(args[1..]);
}

// Can.Kill DIRECTORY IMAGE.tar GATE [--all] [--seconds N] [OPERATION...] [-- PWSH...]
if (new FileInfo("/proc/self/ns/net").LinkTarget == new FileInfo("/proc/1/ns/net").LinkTarget)
{
    Console.Error.WriteLine("Can.Kill: this is the machine's own network namespace, whose interfaces and rules are nobody's to play with. Run it by run.sh.");
    return 2;
}

var shell = args.SkipWhile(argument => argument != "--").Skip(1).ToArray();
var all = args.Contains("--all");
var seconds = args.SkipWhile(argument => argument != "--seconds").Skip(1).Select(int.Parse).FirstOrDefault(all ? int.MaxValue : 120);
var chosen = args[3..].TakeWhile(argument => argument != "--").Where(argument => Operation.All.Any(operation => operation.Name == argument)).ToHashSet();
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var arena = new Arena(args[0], args[1], args[2], shell.Length == 0 ? null : shell);
return new Campaign(arena, all, TimeSpan.FromSeconds(seconds), Stopwatch.GetTimestamp(), stop.Token).Run(
    operation => chosen.Count == 0 || chosen.Contains(operation.Name));

// The case that runs ends by itself, and the arena is cleared.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
