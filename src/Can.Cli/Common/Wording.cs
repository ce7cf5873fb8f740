namespace Can.Cli.Common;

/// <summary>
/// The engine's errors name the cmdlets and parameters that help; here they become this command's verbs and options. A test sees to
/// it that none is missing.
/// </summary>
internal static class Wording
{
    // What contains another one stands in front of it.
    private static readonly (string Engine, string Command)[] Words =
    [
        ("Start PowerShell as root: sudo pwsh.", "Run it as root: sudo can …"),
        ("-Command sleep,60", "can run IMAGE sleep 60"),
        ("New-CanContainer … -HealthCommand", "can run --health-cmd"),
        ("Get-CanContainer", "'can ps -a'"),
        ("Get-CanImage", "'can images'"),
        ("Get-CanNetwork", "'can network ls'"),
        ("Get-CanVolume", "'can volume ls'"),
        ("Get-CanProcess", "can top"),
        ("Get-CanRegistry", "'can login --list'"),
        ("New-CanContainer", "can run"),
        ("New-CanNetwork", "can network create"),
        ("New-CanVolume", "can volume create"),
        ("Enter-CanContainer", "can exec -ti"),
        ("Start-CanContainer", "can start"),
        ("Stop-CanContainer", "can stop"),
        ("Resume-CanContainer", "can unpause"),
        ("Remove-CanContainer", "can rm"),
        ("Remove-CanImage", "can rmi"),
        ("Remove-CanNetwork", "can network rm"),
        ("Remove-CanVolume", "can volume rm"),
        ("Disconnect-CanNetwork", "can network disconnect"),
        ("Add-CanImageTag", "can tag"),
        ("Import-CanImage", "can load"),
        ("Save-CanImage", "can commit"),
        ("Receive-CanImage", "can pull"),
        ("Connect-CanRegistry", "can login"),
        ("Test-CanStorage", "can system check"),
        ("Clear-CanStorage", "can system prune"),
        ("-Network @{ Name = 'web'; IPAddress = '192.168.10.5' }", "--network name=web,ip=192.168.10.5"),
        ("-Pull Missing", "--pull missing"),
        ("-Pull Always", "--pull always"),
        ("-AllowInsecure", "--tls-verify=false"),
        ("-HealthCommand", "--health-cmd"),
        ("-MaximumSize", "--max-size"),
        ("-Destination", "another reference"),
        ("-Credential", "--username"),
        ("-Archive", "-a"),
        ("-NetworkAlias", "--network-alias"),
        ("-MacAddress", "--mac-address"),
        ("-IPAddress", "--ip"),
        ("-Sysctl", "--sysctl"),
        ("-PublishAll", "--publish-all"),
        ("-Publish", "--publish"),
        ("-Network", "--network"),
        ("-DnsOption", "--dns-option"),
        ("-DnsSearch", "--dns-search"),
        ("-AddHost", "--add-host"),
        ("-Option", "-o"),
        ("-Subnet", "--subnet"),
        ("-Format", "--format"),
        ("-Repair", "--repair"),
        ("-Timeout", "--timeout"),
        ("-Force", "-f"),
        ("-IPv6", "--ipv6"),
        ("-Dns", "--dns"),
        ("-Tty", "-t"),
    ];

    /// <summary>A message of the engine in this command's words, on one line.</summary>
    public static string Of(string message)
    {
        foreach (var (engine, command) in Words)
        {
            message = message.Replace(engine, command, StringComparison.Ordinal);
        }

        return message.ReplaceLineEndings(" ");
    }
}
