using System.Collections;
using System.Management.Automation;
using Can.Engine;
using Can.Engine.Containers;

namespace CanPS.Parameters;

/// <summary>Makes an option of the engine of the text people know from Docker, or of a hashtable; what is one already passes.</summary>
/// <typeparam name="T">The option's type.</typeparam>
internal abstract class OptionAttribute<T> : ArgumentTransformationAttribute
    where T : class
{
    /// <inheritdoc/>
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var bare = Unwrap(inputData);
        var value = Prepare(bare);
        try
        {
            return value is IEnumerable items and not (string or IDictionary)
                ? items.Cast<object?>().Select(One).ToArray()
                : One(ReferenceEquals(value, bare) ? inputData : value); // wrapped, a number keeps the text it was typed as
        }
        catch (CanException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }

    /// <summary>Brings the argument into another form before it is read.</summary>
    private protected virtual object? Prepare(object? value) => value;

    /// <summary>Reads the text form.</summary>
    protected abstract T Parse(string text);

    /// <summary>Reads the hashtable form.</summary>
    protected abstract T FromDictionary(IDictionary dictionary);

    private static object? Unwrap(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    private T? One(object? item) => Unwrap(item) switch
    {
        null => null,
        T option => option,
        IDictionary dictionary => FromDictionary(dictionary),
        _ => Parse(LanguagePrimitives.ConvertTo<string>(item)),
    };
}

/// <summary><c>SOURCE:TARGET[:OPTIONS]</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class VolumeOptionAttribute : OptionAttribute<MountSpecification>
{
    /// <inheritdoc/>
    protected override MountSpecification Parse(string text) => MountSpecification.ParseVolume(text);

    /// <inheritdoc/>
    protected override MountSpecification FromDictionary(IDictionary dictionary) => MountSpecification.FromDictionary(dictionary);
}

/// <summary><c>type=bind,source=…,target=…</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MountOptionAttribute : OptionAttribute<MountSpecification>
{
    /// <inheritdoc/>
    protected override MountSpecification Parse(string text) => MountSpecification.ParseMount(text);

    /// <inheritdoc/>
    protected override MountSpecification FromDictionary(IDictionary dictionary) => MountSpecification.FromDictionary(dictionary);
}

/// <summary><c>TARGET[:OPTIONS]</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TmpFsOptionAttribute : OptionAttribute<MountSpecification>
{
    /// <inheritdoc/>
    protected override MountSpecification Parse(string text) => MountSpecification.ParseTmpfs(text);

    /// <inheritdoc/>
    protected override MountSpecification FromDictionary(IDictionary dictionary) => MountSpecification.FromDictionary(dictionary);
}

/// <summary><c>NAME=SOFT[:HARD]</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UlimitOptionAttribute : OptionAttribute<Ulimit>
{
    /// <inheritdoc/>
    protected override Ulimit Parse(string text) => Ulimit.Parse(text);

    /// <inheritdoc/>
    protected override Ulimit FromDictionary(IDictionary dictionary) => Ulimit.FromDictionary(dictionary);
}

/// <summary><c>HOST[:CONTAINER[:PERMISSIONS]]</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DeviceOptionAttribute : OptionAttribute<DeviceMapping>
{
    /// <inheritdoc/>
    protected override DeviceMapping Parse(string text) => DeviceMapping.Parse(text);

    /// <inheritdoc/>
    protected override DeviceMapping FromDictionary(IDictionary dictionary) => DeviceMapping.FromDictionary(dictionary);
}

/// <summary><c>DEVICE:RATE</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DeviceRateOptionAttribute : OptionAttribute<DeviceRate>
{
    /// <inheritdoc/>
    protected override DeviceRate Parse(string text) => DeviceRate.Parse(text);

    /// <inheritdoc/>
    protected override DeviceRate FromDictionary(IDictionary dictionary) => DeviceRate.FromDictionary(dictionary);
}

/// <summary><c>no</c>, <c>on-failure[:RETRIES]</c>, <c>always</c> or <c>unless-stopped</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RestartPolicyOptionAttribute : OptionAttribute<RestartPolicy>
{
    /// <inheritdoc/>
    protected override RestartPolicy Parse(string text) => RestartPolicy.Parse(text);

    /// <inheritdoc/>
    protected override RestartPolicy FromDictionary(IDictionary dictionary) => RestartPolicy.FromDictionary(dictionary);
}
