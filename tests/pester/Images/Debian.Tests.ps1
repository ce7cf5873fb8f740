# A real root of useful size, with everything that distributions put into one: made by mmdebstrap, which needs the
# distribution's mirror. Where it cannot be made the tests are skipped with its reason.
BeforeAll {
    Import-Module "$PSScriptRoot/../CanTest.psm1"
    Initialize-CanTest -NoImage
    $folder = Get-Scratch debian
    $why = if (-not (Get-Command mmdebstrap -CommandType Application -ErrorAction Ignore)) { 'mmdebstrap is not installed' }
    else {
        # The machine's own release, whose keys it has.
        $release = Get-Content /etc/os-release -Raw | ConvertFrom-StringData
        $suite = $release.ID -eq 'debian' ? $release.VERSION_CODENAME : 'bookworm'
        $said = mmdebstrap --quiet --variant=minbase $suite $folder/root.tar 2>&1
        if ($LASTEXITCODE -ne 0) { "mmdebstrap failed: $($said | Select-Object -Last 1)" }
    }
    if (-not $why) { $image = Import-CanImage $folder/root.tar debian:base }

    # Type, mode, owner, size, time, link and name of everything below a directory.
    function Get-Listing([string] $Path) { bash -c 'cd "$1" && find . -mindepth 1 -printf "%y %m %U:%G %s %T@ %l %P\n" | awk "\$1 == \"d\" { \$4 = \"\" } { print }" | LC_ALL=C sort -k 7' bash $Path }
}
AfterAll { Clear-CanTest }

Describe 'A Debian root made by mmdebstrap' {
    BeforeEach { if ($why) { Set-ItResult -Skipped -Because $why } }

    It 'is unpacked as tar unpacks it' {
        mkdir $folder/tar
        tar --numeric-owner -xpf $folder/root.tar -C $folder/tar --xattrs --xattrs-include='*'
        $expected = Get-Listing $folder/tar
        $expected.Count | Should -BeGreaterThan 5000
        Compare-Object $expected (Get-Listing "$env:CAN_ROOT/lib/layers/$($image.Layers[0])/root") | Should -BeNullOrEmpty
    }
    It 'runs its own programs' {
        Invoke-CanContainer debian:base -- dpkg --verify | Should -BeNullOrEmpty
        Invoke-CanContainer debian:base -- sh -c '. /etc/os-release; echo $ID' | Should -Be debian
    }
    It 'goes out and comes back the same, with what a container changed' {
        $null = New-CanContainer debian:base -Name changed -- sh -c 'rm -r /usr/share/doc; echo new > /etc/new; chown daemon /srv; ln /etc/new /etc/other' | Wait-CanContainer -Timeout 120
        $saved = Save-CanImage changed debian:changed
        $root = Invoke-CanContainer debian:changed -- sh -c 'test -e /usr/share/doc && echo there; stat -c %U /srv; stat -c %h /etc/new'
        Export-CanImage debian:changed $folder/out.tar
        Remove-CanContainer changed
        Get-CanImage | Remove-CanImage -Force

        (Import-CanImage $folder/out.tar).Id | Should -Be $saved.Id
        Invoke-CanContainer debian:changed -- sh -c 'test -e /usr/share/doc && echo there; stat -c %U /srv; stat -c %h /etc/new' | Should -Be $root
        $root | Should -Be daemon, '2'
        Test-CanStorage -Deep | Should -BeNullOrEmpty
    }
}
