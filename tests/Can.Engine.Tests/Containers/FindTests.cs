using Can.Engine.Containers;

namespace Can.Engine.Tests.Containers;

/// <summary>Names and Ids: how containers are found, and who gets a name.</summary>
public sealed class FindTests(EngineFixture fixture) : IClassFixture<EngineFixture>
{
    private ContainerService Containers => fixture.Containers;

    [RootFact]
    public void A_container_is_found_by_its_name_Id_and_the_beginning_of_its_Id()
    {
        var container = Create();

        Assert.Equal(container.Id, Containers.TryGetByName(container.Name)!.Id);
        Assert.Equal(container.Name, Containers.GetById(container.Id).Name);
        Assert.Equal(container.Name, Containers.GetByIdPrefix(container.ShortId).Name);
        Assert.Equal(container.Name, Containers.GetByIdPrefix(container.ShortId.ToUpperInvariant()).Name);
        Assert.Contains(Containers.List(), other => other.Id == container.Id);
        Assert.Contains(container.Name, Containers.Names());
        Assert.Null(Containers.TryGetByName("nobody"));
        EngineFixture.Fails("ContainerNotFound", () => Containers.GetByIdPrefix(new string('0', 64)));
        EngineFixture.Fails("ContainerNotFound", () => Containers.GetByIdPrefix(""));
        EngineFixture.Fails("ContainerNotFound", () => Containers.GetByIdPrefix("no hexadecimal digits"));
    }

    [RootFact]
    public void An_Id_prefix_of_several_containers_is_ambiguous()
    {
        // Of 17 Ids two begin with the same digit.
        var ids = Enumerable.Range(0, 17).Select(_ => Create().Id).ToList();
        var digit = ids.GroupBy(id => id[..1]).First(group => group.Count() > 1).Key;

        EngineFixture.Fails("ContainerIdAmbiguous", () => Containers.GetByIdPrefix(digit));
    }

    [RootFact]
    public void A_taken_name_is_refused_and_the_owner_stays()
    {
        var owner = Create();

        EngineFixture.Fails("ContainerNameTaken", () => Containers.Create(fixture.Options("true") with { Name = owner.Name }, start: false, CancellationToken.None));

        Assert.Equal(owner.Id, Containers.TryGetByName(owner.Name)!.Id);
    }

    [RootFact]
    public void A_name_is_made_up_when_none_is_given()
    {
        var first = Containers.Create(fixture.Options("true") with { Name = null }, start: false, CancellationToken.None);
        var second = Containers.Create(fixture.Options("true") with { Name = null }, start: false, CancellationToken.None);

        Assert.NotEqual(first.Name, second.Name);
        Assert.Equal(first.Id, Containers.TryGetByName(first.Name)!.Id);
    }

    [RootTheory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("../up")]
    [InlineData("-dash")]
    public void A_bad_name_is_refused(string name) =>
        EngineFixture.Fails("ContainerNameInvalid", () => Containers.Create(fixture.Options("true") with { Name = name }, start: false, CancellationToken.None));

    [RootFact]
    public void Rename_gives_the_old_name_back()
    {
        var container = Create();
        var (old, fresh) = (container.Name, fixture.NewName());

        var renamed = Containers.Rename(container.Id, fresh);

        Assert.Equal(fresh, renamed.Name);
        Assert.Equal(container.Id, Containers.TryGetByName(fresh)!.Id);
        Assert.Null(Containers.TryGetByName(old));
        Assert.NotEqual(container.Id, Containers.Create(fixture.Options("true") with { Name = old }, start: false, CancellationToken.None).Id);
    }

    [RootFact]
    public void Rename_to_a_taken_name_changes_nothing()
    {
        var (container, other) = (Create(), Create());

        EngineFixture.Fails("ContainerNameTaken", () => Containers.Rename(container.Id, other.Name));
        EngineFixture.Fails("ContainerNameInvalid", () => Containers.Rename(container.Id, "a/b"));

        Assert.Equal(container.Id, Containers.TryGetByName(container.Name)!.Id);
        Assert.Equal(other.Id, Containers.TryGetByName(other.Name)!.Id);
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_rename_that_was_cut_short_leaves_one_name(bool running)
    {
        var container = running ? fixture.StartSleeper() : Create();
        var extra = fixture.NewName();
        File.CreateSymbolicLink($"{fixture.Root.State}/names/containers/{extra}", container.Id);

        Assert.Null(Containers.TryGetByName(extra));
        Assert.Equal(container.Id, Containers.TryGetByName(container.Name)!.Id);
        var other = Containers.Create(fixture.Options("true") with { Name = extra }, start: false, CancellationToken.None);

        Assert.Equal(other.Id, Containers.TryGetByName(extra)!.Id);
        Assert.Equal(container.Name, Containers.GetById(container.Id).Name);
    }

    [RootFact]
    public void A_name_that_leads_nowhere_is_cleaned_up_by_the_next_look()
    {
        var link = $"{fixture.Root.State}/names/containers/{fixture.NewName()}";
        _ = Create();
        File.CreateSymbolicLink(link, new string('e', 64));

        _ = Containers.List();

        Assert.Null(new FileInfo(link).LinkTarget);
    }

    private Container Create() => Containers.Create(fixture.Options("true"), start: false, CancellationToken.None);
}
