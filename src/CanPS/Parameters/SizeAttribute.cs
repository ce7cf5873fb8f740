using System.Management.Automation;
using Can.Engine;
using Can.Engine.Containers;

namespace CanPS.Parameters;

/// <summary>Takes bytes as a number (PowerShell's 64MB is one) or as a text such as <c>64m</c> or <c>1.5GiB</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SizeAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text)
        {
            return inputData;
        }

        try
        {
            return ByteSize.Parse(text);
        }
        catch (CanException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }
}
