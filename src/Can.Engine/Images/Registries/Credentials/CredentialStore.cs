using System.Text.Json;
using Can.Engine.Images.Registries.Protocol;
using Can.Engine.Storage;

namespace Can.Engine.Images.Registries.Credentials;

/// <summary>
/// Credentials of registries: Can's own file, which only root can read, and after it the files of Docker, Podman and their kin,
/// which are read and never written.
/// </summary>
internal sealed class CredentialStore(CanRoot root, Func<IReadOnlyList<string>> others)
{
    private string Folder => $"{root.State}/registries";

    /// <summary>Can's own file. Docker can use its directory as DOCKER_CONFIG, skopeo the file as --authfile.</summary>
    public string OwnFile => $"{Folder}/config.json";

    /// <summary>The files of others that the environment names, in the order in which they count.</summary>
    public static IReadOnlyList<string> FilesOfOthers()
    {
        var home = Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } own ? own : "/root";
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } set ? $"{set}/containers" : "/run/containers/0";
        var docker = Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder ? folder : $"{home}/.docker";
        var named = Environment.GetEnvironmentVariable("REGISTRY_AUTH_FILE") is { Length: > 0 } file ? file : null;
        return [.. new[] { named, $"{runtime}/auth.json", $"{docker}/config.json" }.OfType<string>()];
    }

    /// <summary>Looks for the credential of a repository.</summary>
    /// <param name="host">The registry.</param>
    /// <param name="repository">The repository; null for the registry as a whole.</param>
    /// <returns>The credential, or why there is none; neither if nobody has logged in.</returns>
    /// <exception cref="CanException"><c>CredentialFileInvalid</c>, <c>AccessDenied</c></exception>
    public (RegistryCredential? Credential, string? Note) Find(RegistryHost host, string? repository)
    {
        string? note = null;
        foreach (var (path, file) in Files())
        {
            if (file.Find(host, repository)?.Entry.Credential(path) is { } found)
            {
                return (found, null);
            }

            if (file.HelperOf(host) is { Length: > 0 } helper)
            {
                var (credential, why) = CredentialHelper.Get(helper, host);
                if (credential is not null)
                {
                    return (credential, null);
                }

                note ??= why is null ? null : $"{why} '{path}' names it.";
            }
        }

        return (null, note);
    }

    /// <summary>Everybody who is logged in anywhere, registries in alphabetical order; the first entry of a registry is the one that counts.</summary>
    public IReadOnlyList<RegistryLogin> List() =>
        [.. Files().SelectMany(static item => Logins(item.Path, item.File)).OrderBy(static login => login.Registry, StringComparer.Ordinal)];

    /// <summary>Keeps a credential in Can's own file.</summary>
    public void Save(RegistryHost host, RegistryCredential credential) => Change(auths =>
    {
        RemoveFrom(auths, host);
        auths[host.CredentialKey] = CredentialEntry.Of(credential);
        return true;
    });

    /// <summary>Forgets a registry's credential in Can's own file.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(RegistryHost host)
    {
        var removed = false;
        if (File.Exists(OwnFile))
        {
            Change(auths => removed = RemoveFrom(auths, host));
        }

        return removed;
    }

    private static bool RemoveFrom(Dictionary<string, CredentialEntry> auths, RegistryHost host)
    {
        var keys = auths.Keys.Where(key => RegistryHost.FromKey(key) == host.Name).ToList();
        keys.ForEach(key => auths.Remove(key));
        return keys.Count > 0;
    }

    private static IEnumerable<RegistryLogin> Logins(string path, CredentialFile file)
    {
        foreach (var (key, entry) in file.Auths ?? new Dictionary<string, CredentialEntry>())
        {
            if (entry?.Credential(path) is { } credential)
            {
                yield return new RegistryLogin { Registry = RegistryHost.FromKey(key) ?? key, UserName = credential.UserName, Source = path };
            }
        }

        foreach (var (key, helper) in file.Helpers ?? new Dictionary<string, string>())
        {
            yield return new RegistryLogin { Registry = RegistryHost.FromKey(key) ?? key, UserName = "", Source = $"docker-credential-{helper}" };
        }
    }

    private IEnumerable<(string Path, CredentialFile File)> Files()
    {
        foreach (var path in others().Prepend(OwnFile).Distinct())
        {
            if (CredentialFile.TryRead(path) is { } file)
            {
                yield return (path, file);
            }
        }
    }

    private void Change(Func<Dictionary<string, CredentialEntry>, bool> change)
    {
        Directories.Ensure(Folder);
        using (StoreLock.Acquire($"{Folder}/.lock", CancellationToken.None))
        {
            AtomicFile.RemoveStale(Folder);
            var file = CredentialFile.TryRead(OwnFile) ?? new CredentialFile();
            var auths = new Dictionary<string, CredentialEntry>(file.Auths ?? new Dictionary<string, CredentialEntry>());
            if (change(auths))
            {
                AtomicFile.Write(OwnFile, JsonSerializer.SerializeToUtf8Bytes(file with { Auths = auths }, CredentialJson.Default.CredentialFile), durable: true);
            }
        }
    }
}
