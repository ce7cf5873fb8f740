using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Images.Importing;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;

namespace Can.Engine.Tests.Images;

/// <summary>Extended attributes for tests, which need no setfattr then.</summary>
internal static unsafe class ExtendedAttributes
{
    public static void Set(string path, string name, byte[] value)
    {
        fixed (byte* file = Encoding.UTF8.GetBytes(path + '\0'), key = Encoding.UTF8.GetBytes(name + '\0'), data = value)
        {
            Assert.True(Libc.lsetxattr(file, key, data, (nuint)value.Length, 0) == 0, Marshal.GetLastPInvokeErrorMessage());
        }
    }

    /// <summary>All attributes of all files below a directory, as lines.</summary>
    public static IReadOnlyList<string> Describe(string directory) =>
        [.. Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories).Prepend(directory).Order(StringComparer.Ordinal)
            .SelectMany(path => Read(path).Select(attribute => $"{path[directory.Length..]} {Encoding.UTF8.GetString(attribute.Name)}={Convert.ToHexString(attribute.Value)}"))];

    private static List<ExtendedAttribute> Read(string path)
    {
        var attributes = new List<ExtendedAttribute>();
        fixed (byte* file = Encoding.UTF8.GetBytes($"{path[1..]}\0"))
        {
            new ExtendedAttributeReader().Read(Root.Value, file, attributes);
        }

        return attributes;
    }

    private static readonly Lazy<int> Root = new(() => Libc.open("/", Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0));
}
