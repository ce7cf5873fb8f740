using System.Runtime.InteropServices;
using System.Text;
using Can.Engine.Images.Tar;
using Can.Engine.Kernel;

namespace Can.Engine.Images.Importing;

/// <summary>Reads extended attributes of files by their name in an open directory; one instance belongs to one thread.</summary>
internal sealed unsafe class ExtendedAttributeReader
{
    // The kernel's own bounds of a list and of a value (XATTR_LIST_MAX, XATTR_SIZE_MAX).
    private readonly byte[] list = new byte[65536];
    private readonly byte[] value = new byte[65536];

    /// <summary>Adds the attributes of a file, not following a link, in the order of their names.</summary>
    public void Read(int directory, byte* name, List<ExtendedAttribute> attributes)
    {
        // There is no listxattrat before Linux 6.13; the directory's descriptor has a path in /proc.
        fixed (byte* path = (byte[])[.. Encoding.ASCII.GetBytes($"/proc/self/fd/{directory}/"), .. MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name), 0])
        fixed (byte* names = list, data = value)
        {
            // A file system without any says so by an error.
            var length = (int)Libc.llistxattr(path, names, (nuint)list.Length);
            for (var at = 0; at < length;)
            {
                var one = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(names + at);
                var size = (int)Libc.lgetxattr(path, names + at, data, (nuint)value.Length);
                if (size >= 0)
                {
                    attributes.Add(new(one.ToArray(), value[..size]));
                }

                at += one.Length + 1;
            }
        }

        attributes.Sort(static (left, right) => left.Name.AsSpan().SequenceCompareTo(right.Name));
    }
}
