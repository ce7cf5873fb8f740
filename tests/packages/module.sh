# shellcheck shell=bash disable=SC2154 # run.sh, which sources this, has the variables
# module.sh - the module: as NuGet takes it, from a folder, and from a gallery.

try_module() {
  try_nuget
  if [ -z "${PWSH:-}" ]; then echo "skip the module is used: there is no PowerShell"; return; fi
  mkdir -p "$scratch/folder"
  cp -a "$packages/Can" "$scratch/folder/"
  check "the module's folder is used" "$version ran" "$(use_module "$scratch/folder" | xargs)"
  try_gallery
}

# Two of NuGet's own ways: what it pushes has to be a package, what it restores it has unpacked and looked through.
try_nuget() {
  local feed=$scratch/feed probe=$scratch/probe
  mkdir -p "$feed" "$probe"
  succeeds "NuGet pushes the package" dotnet nuget push "$package" --source "$feed"
  cat >"$probe/probe.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
    <RestorePackagesPath>$probe/packages</RestorePackagesPath>
    <RestoreSources>$feed</RestoreSources>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="Can" Version="[$version]" />
  </ItemGroup>
</Project>
PROJECT
  succeeds "NuGet restores the package" dotnet restore "$probe/probe.csproj" --nologo -v q
  check "the package is the module, and nothing else" "" "$(diff -rq "$packages/Can/$version" "$probe/packages/can/$version" 2>&1 | grep -vE ': (\.nupkg\.metadata|can\..*\.nupkg(\.sha512)?|can\.nuspec)$')"
}

# What pwsh makes of it that finds the module in this folder.
use_module() { # FOLDER
  # shellcheck disable=SC2016 # for PowerShell
  HOME=$scratch/home PSModulePath=$1 FOLDER=$1 "$PWSH" -NoProfile -NonInteractive -Command '
    $ErrorActionPreference = "Stop"
    Import-Module Can
    (Get-Module Can).Version.ToString()
    if (-not (Get-Module Can).Path.StartsWith("$env:FOLDER/")) { throw "another module was imported: $((Get-Module Can).Path)" }
    Invoke-CanContainer busybox -Network none -- echo ran' 2>&1
}

try_gallery() {
  local code=0 output home=$scratch/home
  mkdir -p "$home" "$scratch/gallery"
  output=$(HOME=$home XDG_DATA_HOME='' XDG_CACHE_HOME='' XDG_CONFIG_HOME='' "$PWSH" -NoProfile -NonInteractive -File "$here/Gallery.ps1" "$package" "$scratch/gallery" "$version" 2>&1) || code=$?
  case $code in
    0) ok "the module is published, found and installed by PSResourceGet"
       check "as installed it is used" "$version ran" "$(use_module "$home/.local/share/powershell/Modules" | xargs)" ;;
    3) echo "skip the module is installed from a gallery: $output" ;;
    *) bad "the module is published, found and installed by PSResourceGet: $output" ;;
  esac
}
