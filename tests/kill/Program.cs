using System.Diagnostics;
using Can.Kill;

if (args is ["subject", ..])
{
    return Subject.Run(args[1..]);
}

// Can.Kill DIRECTORY IMAGE.tar GATE|- [--all] [--seconds N] [OPERATION...]
var all = args.Contains("--all");
var seconds = args.SkipWhile(argument => argument != "--seconds").Skip(1).Select(int.Parse).FirstOrDefault(all ? int.MaxValue : 80);
var chosen = args[3..].Where(argument => Operation.All.Any(operation => operation.Name == argument)).ToHashSet();
using var arena = new Arena(args[0], args[1], args[2] == "-" ? null : args[2]);
return new Campaign(arena, all, TimeSpan.FromSeconds(seconds), Stopwatch.GetTimestamp()).Run(
    operation => chosen.Count == 0 || chosen.Contains(operation.Name));
