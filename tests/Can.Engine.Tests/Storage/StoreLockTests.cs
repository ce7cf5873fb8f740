using Can.Engine.Storage;

namespace Can.Engine.Tests.Storage;

public sealed class StoreLockTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_lock_keeps_everybody_else_out_until_it_is_given_back()
    {
        var path = directory["lock"];
        using (StoreLock.Acquire(path, default))
        {
            Assert.Null(StoreLock.TryAcquire(path));
            Assert.Equal("busy", directory.Shell("flock -n lock echo free || echo busy").Trim());
        }

        Assert.Equal("free", directory.Shell("flock -n lock echo free || echo busy").Trim());
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var held = StoreLock.Acquire(directory["lock"], default);
        using var source = new CancellationTokenSource();
        var waiting = Task.Run(() => StoreLock.Acquire(directory["lock"], source.Token));
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task The_next_one_gets_it()
    {
        var held = StoreLock.Acquire(directory["lock"], default);
        var waiting = Task.Run(() => StoreLock.Acquire(directory["lock"], default));
        Assert.False(waiting.IsCompleted);
        held.Dispose();

        using var taken = await waiting;
        Assert.Null(StoreLock.TryAcquire(directory["lock"]));
    }
}
