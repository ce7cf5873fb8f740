# One container from nothing to exited and removed, warm, without a network.

$run = { New-CanContainer bench true | Wait-CanContainer | Remove-CanContainer }
foreach ($warm in 1..50) { & $run }

$contestants = [ordered]@{
    # The floor's own figure is a mean over its batch.
    floor = { [double]((Invoke-Quietly $bench.Floor @($bench.ImageRoot, '20')) -split ' ')[0] }
    can   = { foreach ($i in 1..20) { Measure-Once $run } }
}
foreach ($name in $bench.Peers.Keys) {
    $contestants[$name] = { $peer = $bench.Peers[$args[0]]; foreach ($i in 1..2) { Measure-Once { Invoke-Quietly $peer.Program $peer.Run } } }
}
Measure-InTurn $bench a 'run true and remove' ms (Get-Rounds $bench 15) $contestants

# The two other ways to see it: what New-CanContainer alone takes, and the foreground form.
Measure-InTurn $bench a 'by cmdlet' ms (Get-Rounds $bench 15) ([ordered]@{
        'New-CanContainer (until started)' = {
            foreach ($i in 1..10) {
                Measure-Once { $script:started = New-CanContainer bench true }
                $script:started | Wait-CanContainer | Remove-CanContainer
            }
        }
        'Invoke-CanContainer'              = { foreach ($i in 1..10) { Measure-Once { Invoke-CanContainer bench true } } }
    })

$can = Find-Result $bench a 'run true and remove' can
Add-Ratio $bench a 'can / floor' $can (Find-Result $bench a 'run true and remove' floor) 'at most 2'
foreach ($name in $bench.Peers.Keys) {
    Add-Ratio $bench a "$name / can" (Find-Result $bench a 'run true and remove' $name) $can ($name -eq 'podman' ? 'at least 25' : '')
}
