return Can.Cli.Common.CommandLine.Run(args);
