using Can.Cli.Common;

return CommandLine.Run(args);
