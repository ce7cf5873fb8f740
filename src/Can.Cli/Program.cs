using Can.Cli.Common;

var code = CommandLine.Run(args);
if (args is ["run", ..])
{
    ProcessEnd.AtOnce(code);
}

return code;
