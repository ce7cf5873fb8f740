using System.Collections;
using System.Globalization;
using Can.Engine.Containers.Options;

namespace Can.Engine.Containers;

public sealed partial record RestartPolicy
{
    private const string ErrorId = "RestartPolicyInvalid";
    private const string What = "restart policy";
    private const string Expected = "no, on-failure, on-failure:RETRIES, always or unless-stopped";

    /// <summary>Parses <c>no</c>, <c>on-failure[:RETRIES]</c>, <c>always</c> or <c>unless-stopped</c>.</summary>
    /// <exception cref="CanException"><c>RestartPolicyInvalid</c></exception>
    public static RestartPolicy Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':');
        return Make(
            colon < 0 ? text : text[..colon], colon < 0 ? null : text[(colon + 1)..],
            expected => OptionError.Invalid(ErrorId, What, text, expected));
    }

    /// <summary>Takes a hashtable with Condition (or Name) and MaximumRetries.</summary>
    /// <exception cref="CanException"><c>RestartPolicyInvalid</c></exception>
    public static RestartPolicy FromDictionary(IDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        var options = new OptionDictionary(ErrorId, What, dictionary);
        var policy = Make(options.Required("Condition", "Name"), options.Text("MaximumRetries", "MaximumRetryCount"), options.Invalid);
        options.RequireNothingLeft();
        return policy;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => Condition switch
    {
        RestartCondition.OnFailure when MaximumRetries > 0 => string.Create(CultureInfo.InvariantCulture, $"on-failure:{MaximumRetries}"),
        RestartCondition.OnFailure => "on-failure",
        RestartCondition.Always => "always",
        RestartCondition.UnlessStopped => "unless-stopped",
        _ => "no",
    };

    private static RestartPolicy Make(string condition, string? retries, Func<string, CanException> invalid)
    {
        var parsed = condition.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() switch
        {
            "NO" => RestartCondition.No,
            "ONFAILURE" => RestartCondition.OnFailure,
            "ALWAYS" => RestartCondition.Always,
            "UNLESSSTOPPED" => RestartCondition.UnlessStopped,
            _ => throw invalid(Expected),
        };
        if (retries is null)
        {
            return new(parsed);
        }

        return parsed == RestartCondition.OnFailure && int.TryParse(retries, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new(parsed, count)
            : throw invalid($"{Expected}; RETRIES is a whole number, and only for on-failure");
    }
}
