namespace Can.Engine.Images.Importing;

internal sealed class DirectorySource(string path) : RootSource
{
    public override long Done => 0;

    public override long Total => 0;

    public override void Produce(BlockWriter writer) => throw new NotImplementedException(path);

    public override void Dispose()
    {
    }
}
