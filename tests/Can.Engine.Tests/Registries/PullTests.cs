using Can.Engine.Containers;
using Can.Engine.Containers.Options;
using Can.Engine.Images;

namespace Can.Engine.Tests.Registries;

/// <summary>The image of a new container: when it is received, and from where. Nothing is started, for the images are noise.</summary>
public sealed class PullTests : IDisposable
{
    private readonly WildRegistry registry = new();
    private readonly TransferRoot root = new();

    private string Reference => $"{registry.Name}/team/app:1";

    private ContainerOptions Options => new()
    {
        Image = Reference,
        Networks = [new() { Network = NetworkMode.None }],
        Pull = new() { Registry = new() { AllowInsecure = true } },
    };

    public void Dispose()
    {
        root.Dispose();
        registry.Dispose();
    }

    [RootFact]
    public void A_missing_image_is_received_and_one_that_is_there_is_not()
    {
        var digest = TransferRoot.Publish(registry, "team/app", "1", root.Layer("a"));

        var first = Create(Options);
        var asked = registry.Requests.Count;
        var second = Create(Options);

        Assert.Equal((Reference, ContainerState.Created), (first.Image, first.State));
        Assert.Equal(digest.ToString(), Assert.Single(root.Engine.Images.List()).Digest);
        Assert.Equal(first.ImageId, second.ImageId);
        Assert.Equal(asked, registry.Requests.Count);
    }

    [RootFact]
    public void Always_finds_out_what_the_reference_means_now()
    {
        var layer = root.Layer("a");
        TransferRoot.Publish(registry, "team/app", "1", layer);
        var first = Create(Options);
        TransferRoot.Publish(registry, "team/app", "1", layer, root.Layer("b"));

        var second = Create(Always);
        var requests = registry.Requests.Count;
        var third = Create(Always);

        Assert.NotEqual(first.ImageId, second.ImageId);
        Assert.Equal(second.ImageId, third.ImageId);
        Assert.InRange(registry.Requests.Count, requests + 1, int.MaxValue);

        // Two configurations and two layers: nothing came twice.
        Assert.Equal(4, registry.Requests.Count(static request => request.Method == "GET" && request.Path.Contains("/blobs/", StringComparison.Ordinal)));
    }

    [RootFact]
    public void Who_does_not_ask_for_it_receives_nothing()
    {
        TransferRoot.Publish(registry, "team/app", "1", root.Layer("a"));

        EngineFixture.Fails("ImageNotFound", () => Create(Options with { Pull = null }));
        EngineFixture.Fails("ImageNotFound", () => Create(Options with { Pull = Options.Pull! with { Policy = PullPolicy.Never } }));
        EngineFixture.Fails("ImageNotFound", () => root.Engine.Containers.Plan(Options));

        Assert.Empty(registry.Requests);
    }

    [RootFact]
    public void An_image_by_its_digest_is_received_once()
    {
        var digest = TransferRoot.Publish(registry, "team/app", "1", root.Layer("a"));
        var options = Options with { Image = $"{registry.Name}/team/app@{digest}" };

        var container = Create(options);
        var asked = registry.Requests.Count;

        Assert.Equal(options.Image, container.Image);
        Assert.Equal(container.ImageId, Create(options).ImageId);
        Assert.Equal(asked, registry.Requests.Count);
    }

    [RootFact]
    public void A_pull_that_fails_leaves_nothing_and_says_what_to_do()
    {
        var error = EngineFixture.Fails("ManifestUnknown", () => Create(Options with { Name = "mine" }));

        Assert.Equal(CanErrorCategory.ObjectNotFound, error.Category);
        Assert.Contains($"'{Reference}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Import-CanImage", error.Message, StringComparison.Ordinal);
        Assert.Empty(root.Engine.Containers.List());
        Assert.Empty(root.Engine.Containers.Names());
        root.AssertNothing();
    }

    [RootFact]
    public void What_is_there_stays_when_it_cannot_be_received_anew()
    {
        TransferRoot.Publish(registry, "team/app", "1", root.Layer("a"));
        var image = Create(Options).ImageId;
        registry.Content.Clear();

        var error = EngineFixture.Fails("ManifestUnknown", () => Create(Always));

        Assert.Contains("-Pull Missing", error.Message, StringComparison.Ordinal);
        Assert.Equal(image, Create(Options).ImageId);
    }

    [RootFact]
    public void Nothing_is_received_for_a_container_that_cannot_be_made()
    {
        TransferRoot.Publish(registry, "team/app", "1", root.Layer("a"));
        root.Engine.Images.Import(MakeBareRoot(), "bare", null, null, CancellationToken.None);
        Create(Options with { Image = "bare", Name = "taken", Command = ["/file"] });

        Fails("ContainerNameTaken", Options with { Name = "taken" });
        Fails("ContainerNameInvalid", Options with { Name = "-" });
        Fails("NetworkNotFound", Options with { Networks = [new() { Network = "nosuch" }] });
        Fails("VolumeSourceNotFound", Options with { Mounts = [MountSpecification.ParseVolume("/nosuchdirectory:/x")] });
        Fails("LimitTooSmall", Options with { Limits = new() { MemoryBytes = 1 } });
        Fails("CommandMissing", Options with { Entrypoint = [] });
        Fails("DevicePermissionUnsupported", Options with { Devices = [DeviceMapping.Parse("/dev/null:/dev/other:r")] });
        Fails("PlatformInvalid", Options with { Pull = With(platform: "a//b") });
        Fails("RestartPolicyConflict", Options with { AutoRemove = true, RestartPolicy = RestartPolicy.Parse("always") });

        Assert.Empty(registry.Requests);
        Assert.NotNull(Create(Options with { Name = "free", HealthCheck = new() { Test = ["CMD", "true"] }, Limits = new() { MemoryBytes = 64 << 20 } }));

        void Fails(string errorId, ContainerOptions options)
        {
            EngineFixture.Fails(errorId, () => Create(options));
            EngineFixture.Fails(errorId, () => root.Engine.Containers.Foresee(options));
        }
    }

    [RootFact]
    public void An_image_for_another_platform_counts_as_missing()
    {
        TransferRoot.Publish(registry, "team/app", "1", "s390x", [root.Layer("a")]);
        TransferRoot.Publish(registry, "team/app", "2", root.Layer("b"));
        Create(Options with { Image = $"{registry.Name}/team/app:2" });
        var before = registry.Requests.Count;

        EngineFixture.Fails("PlatformNotFound", () => Create(Options with { Image = $"{registry.Name}/team/app:2", Pull = With("linux/s390x", PullPolicy.Never) }));
        Assert.Equal(before, registry.Requests.Count);
        var error = EngineFixture.Fails("PlatformNotFound", () => Create(Options with { Image = $"{registry.Name}/team/app:2", Pull = With("linux/s390x") }));
        Assert.StartsWith($"There is no image '{registry.Name}/team/app:2' for linux/s390x,", error.Message, StringComparison.Ordinal);
        Assert.InRange(registry.Requests.Count, before + 1, int.MaxValue);

        var foreign = Create(Options with { Pull = With("linux/s390x") });
        Assert.Equal("linux/s390x", root.Engine.Images.Get(foreign.ImageId).Platform);
        before = registry.Requests.Count;
        Assert.Equal(foreign.ImageId, Create(Options with { Pull = With("s390x") }).ImageId);
        Assert.Equal(before, registry.Requests.Count);
    }

    [RootFact]
    public void An_id_is_never_asked_for()
    {
        TransferRoot.Publish(registry, "team/app", "1", root.Layer("a"));
        var id = Create(Options).ImageId;
        var before = registry.Requests.Count;

        Assert.Equal(id, Create(Options with { Image = id[..12] }).ImageId);
        EngineFixture.Fails("ReferenceInvalid", () => Create(Always with { Image = id[..12] }));
        EngineFixture.Fails("PlatformNotFound", () => Create(Options with { Image = id, Pull = With("linux/s390x") }));
        EngineFixture.Fails("ImageNotFound", () => Create(Options with { Image = new string('a', 64) }));
        EngineFixture.Fails("ImageNotFound", () => Create(Options with { Image = $"sha256:{new string('a', 64)}" }));
        EngineFixture.Fails("ImageNotFound", () => Create(Options with { Image = "No Reference" }));

        Assert.Equal(before, registry.Requests.Count);
    }

    [RootFact]
    public void What_would_be_received_can_be_foreseen()
    {
        TransferRoot.Publish(registry, "team/app", "1", root.Layer("a"));

        Assert.Equal(Reference, root.Engine.Containers.Foresee(Options));
        EngineFixture.Fails("ImageNotFound", () => root.Engine.Containers.Foresee(Options with { Pull = null }));
        Assert.Empty(registry.Requests);
        root.AssertNothing();

        Create(Options);
        Assert.Null(root.Engine.Containers.Foresee(Options));
        Assert.Equal(Reference, root.Engine.Containers.Foresee(Always));
    }

    [RootFact]
    public void The_transfer_is_watched_by_whoever_wants_to_on_the_callers_thread()
    {
        var layer = root.Layer("a");
        TransferRoot.Publish(registry, "team/app", "1", layer);
        var watched = new List<(int Thread, long Done)>();
        var options = Options with
        {
            Pull = Options.Pull! with
            {
                Watch = (progress, transfer) =>
                {
                    Task.Run(transfer).GetAwaiter().GetResult();
                    watched.Add((Environment.CurrentManagedThreadId, Assert.Single(progress.Blobs).Done));
                },
            },
        };

        Create(options);
        Create(options);

        Assert.Equal([(Environment.CurrentManagedThreadId, (long)layer.Blob.Length)], watched);
    }

    [RootFact]
    public void A_pull_can_be_cancelled()
    {
        using var stopping = new CancellationTokenSource();
        registry.Misbehave = (_, _) =>
        {
            stopping.Cancel();
            return new WildAnswer(503);
        };

        Assert.ThrowsAny<OperationCanceledException>(() => root.Engine.Containers.Create(Options, start: false, stopping.Token));
        Assert.Empty(root.Engine.Containers.List());
    }

    [Theory]
    [InlineData("missing", PullPolicy.Missing)]
    [InlineData("always", PullPolicy.Always)]
    [InlineData("never", PullPolicy.Never)]
    public void A_policy_has_a_word(string word, PullPolicy policy) => Assert.Equal(policy, ImagePull.Parse(word).Policy);

    [Theory]
    [InlineData("")]
    [InlineData("Missing")]
    [InlineData("sometimes")]
    public void And_no_other(string word) => Assert.Contains("always", EngineFixture.Fails("PullPolicyInvalid", () => ImagePull.Parse(word)).Message, StringComparison.Ordinal);

    private ContainerOptions Always => Options with { Pull = Options.Pull! with { Policy = PullPolicy.Always } };

    private static ImagePull With(string platform, PullPolicy policy = PullPolicy.Missing) =>
        new() { Policy = policy, Registry = new() { AllowInsecure = true, Platform = platform } };

    private Container Create(ContainerOptions options) => root.Engine.Containers.Create(options, start: false, CancellationToken.None);

    private string MakeBareRoot()
    {
        Directory.CreateDirectory(root.Files.Directory["bare"]);
        File.WriteAllText(root.Files.Directory["bare/file"], "text");
        return root.Files.Directory["bare"];
    }
}
