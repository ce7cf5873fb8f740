using System.Collections;
using System.Globalization;
using Can.Engine.Containers.Options;

namespace Can.Engine.Containers;

/// <summary>A rate limit of one block device.</summary>
/// <param name="Path">The device's path on the host, such as /dev/sda.</param>
/// <param name="BytesPerSecond">The limit in bytes a second; above 0.</param>
public sealed partial record DeviceRate(string Path, long BytesPerSecond)
{
    private const string ErrorId = "DeviceRateInvalid";
    private const string What = "device rate";

    /// <summary>Parses <c>/dev/sda:10MB</c>.</summary>
    /// <exception cref="CanException"><c>DeviceRateInvalid</c>, <c>SizeInvalid</c></exception>
    public static DeviceRate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        Func<string, CanException> invalid = expected => OptionError.Invalid(ErrorId, What, text, expected);
        return colon > 0 ? Make(text[..colon], text[(colon + 1)..], invalid) : throw invalid("DEVICE:RATE in bytes a second, such as /dev/sda:10MB");
    }

    /// <summary>Takes a hashtable with Path and BytesPerSecond (or Rate).</summary>
    /// <exception cref="CanException"><c>DeviceRateInvalid</c>, <c>SizeInvalid</c></exception>
    public static DeviceRate FromDictionary(IDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        var options = new OptionDictionary(ErrorId, What, dictionary);
        var rate = Make(options.Required("Path"), options.Required("BytesPerSecond", "Rate"), options.Invalid);
        options.RequireNothingLeft();
        return rate;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Path}:{BytesPerSecond}");

    private static DeviceRate Make(string path, string rate, Func<string, CanException> invalid)
    {
        var bytes = ByteSize.Parse(rate);
        return !path.StartsWith('/') ? throw invalid("the absolute path of a block device, such as /dev/sda")
            : bytes <= 0 ? throw invalid("a rate above 0")
            : new(path, bytes);
    }
}
