using System.Globalization;
using System.Management.Automation;

namespace CanPS.Parameters;

/// <summary>Takes a number as seconds; PowerShell itself would take it as ticks of 100 nanoseconds.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            int or long or double or decimal or float => Seconds(Convert.ToDouble(PSObject.AsPSObject(inputData).BaseObject, CultureInfo.InvariantCulture)),
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) => Seconds(seconds),
            _ => inputData,
        };

    private static TimeSpan Seconds(double seconds) => seconds is >= 0 and <= int.MaxValue
        ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentTransformationMetadataException("A time is a number of seconds from 0, or a TimeSpan such as 00:01:30.");
}
