using System.Management.Automation;
using Can.Engine.Containers;

namespace CanPS.Parameters;

/// <summary>
/// Lets text through and nothing else. PowerShell turns every object into text when it has to, which would make a name out of
/// any object in a pipeline, and the Id of a container out of the id of a process.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData switch
    {
        object[] items => Array.ConvertAll(items, TransformItem),
        _ => TransformItem(inputData),
    };

    private static object? TransformItem(object? item) => item switch
    {
        null or string => item,
        PSObject { BaseObject: string text } => text,

        // What was typed without quotes, such as the Id 123456 or 12e4, with the text as it was typed; a property's number is bare.
        PSObject { BaseObject: int or long or double or decimal } number => LanguagePrimitives.ConvertTo<string>(number),
        PSObject wrapped when IsContainer(wrapped) => item,
        Container => item,
        _ => throw NotText(item),
    };

    // Containers are bound by another parameter; saying no by an exception would cost each of them some microseconds.
    private static bool IsContainer(PSObject wrapped) =>
        wrapped.BaseObject is Container || wrapped.TypeNames.Contains("Deserialized." + typeof(Container).FullName);

    // The binder goes on with the next parameter set when the innermost reason is an invalid cast, and only then.
    private static ArgumentTransformationMetadataException NotText(object item)
    {
        var type = (item is PSObject wrapped ? wrapped.BaseObject : item).GetType();
        var message = $"A value of type {type} is neither text nor a container. Give a name or an Id as text, in quotes if it looks like a number.";
        return new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }
}
