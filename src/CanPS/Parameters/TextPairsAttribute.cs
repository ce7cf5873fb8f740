using System.Collections;
using System.Management.Automation;
using Can.Engine;
using Can.Engine.Containers.Options;

namespace CanPS.Parameters;

/// <summary>Takes a dictionary, <c>NAME=VALUE</c> texts, or an array of both, and makes one dictionary of text.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextPairsAttribute : ArgumentTransformationAttribute
{
    /// <summary>A name without a value takes the calling process's variable of this name, and is left out if there is none.</summary>
    public bool FromEnvironment { get; init; }

    /// <summary>The pairs of a parameter with this attribute; none when it was not given.</summary>
    public static Dictionary<string, string> PairsOf(IDictionary? argument) => argument as Dictionary<string, string> ?? [];

    /// <summary>Whether something has all the labels that a parameter with this attribute asks for; one without a value fits any value.</summary>
    public static bool AreIn(IReadOnlyDictionary<string, string> labels, IDictionary? argument) =>
        PairsOf(argument).All(wanted => labels.TryGetValue(wanted.Key, out var value) && (wanted.Value.Length == 0 || wanted.Value == value));

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is null)
        {
            return null;
        }

        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(pairs, inputData);
        return pairs;
    }

    private void Add(Dictionary<string, string> pairs, object? item)
    {
        switch (item is PSObject wrapped ? wrapped.BaseObject : item)
        {
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                {
                    pairs[Name(LanguagePrimitives.ConvertTo<string>(entry.Key))] = LanguagePrimitives.ConvertTo<string>(entry.Value) ?? "";
                }

                break;
            case string text:
                AddText(pairs, text);
                break;
            case IEnumerable items:
                foreach (var inner in items)
                {
                    Add(pairs, inner);
                }

                break;
            default:
                throw new ArgumentTransformationMetadataException($"'{item}' is neither a hashtable nor a text such as NAME=VALUE.");
        }
    }

    private void AddText(Dictionary<string, string> pairs, string text)
    {
        try
        {
            NamedText.Add(pairs, text, FromEnvironment);
        }
        catch (CanException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }

    private static string Name(string name) => name.Length > 0
        ? name
        : throw new ArgumentTransformationMetadataException("A name is missing in front of '='. Write NAME=VALUE, or a hashtable.");
}
