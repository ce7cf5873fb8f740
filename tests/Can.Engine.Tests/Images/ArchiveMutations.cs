using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Can.Engine.Images.Tar;
using static Can.Engine.Tests.Images.ImageRoot;

namespace Can.Engine.Tests.Images;

/// <summary>
/// Damages archives: their bytes, their blocks, their headers (with checksums set right again), and the texts and layers in them, with
/// the digests of what names them set right, so that the damage is not found by the first digest already.
/// </summary>
internal sealed class ArchiveMutations
{
    private static readonly string[] Words =
    [
        "null", "[]", "{}", "-1", "0", "1e999", "9223372036854775807", "99999999999999999999", "\"\"", "\"../../../../beside/canary\"", "true",
        "\"sha256:\"", "\"sha512:00\"", "\"\\u0000\"", "[[[[[[[[", "\"linux\"", "\"application/vnd.oci.image.index.v1+json\"",
    ];

    private static readonly byte[][] Names =
    [
        "../../beside/canary"u8.ToArray(), "/beside/x"u8.ToArray(), ".wh."u8.ToArray(), ".wh..wh..opq"u8.ToArray(), ".wh.file"u8.ToArray(), "link/x"u8.ToArray(), "file"u8.ToArray(),
        "file/x"u8.ToArray(), "."u8.ToArray(), ".."u8.ToArray(), ""u8.ToArray(), "etc"u8.ToArray(), "index.json"u8.ToArray(), "manifest.json"u8.ToArray(), [0xFF, 0xFE, 0x80],
    ];

    private readonly ImageRoot root;
    private readonly byte[] layer;

    public ArchiveMutations(ImageRoot root)
    {
        this.root = root;
        var marked = Text("etc/passwd", new string('p', 1500));
        marked.Entry.ExtendedAttributes.Add(new("user.test"u8.ToArray(), "value"u8.ToArray()));
        var large = Text("file", new string('f', 3000));
        large.Entry.Modified = (1, 5);
        root.WriteTar(
            "layer", Folder("etc"), marked, large, HardLink("hard", "file"), Link("link", "../../../beside"), Text("etc/.wh.gone"), Folder("opaque"), Text("opaque/.wh..wh..opq"),
            (Entry(TarEntryType.Fifo, "pipe"), ""), (Entry(TarEntryType.CharacterDevice, "device"), ""), Text(new string('n', 150), "long"));
        layer = File.ReadAllBytes(root.Directory["layer"]);
    }

    /// <summary>Makes one.</summary>
    /// <returns>What was done, in words.</returns>
    public string Make(Random random, out byte[] archive)
    {
        var damaged = random.Next(6);
        var tar = damaged == 0 ? Damage(random, layer) : layer;
        var packed = random.Next(2) == 0 ? tar : Gzip(tar);
        packed = damaged == 1 ? Bytes(random, packed) : packed;
        var diffId = Hash(tar);
        var configuration = Texts(random, damaged == 2, $$$$"""{"os":"linux","architecture":"amd64","config":{"Cmd":["/bin/sh"],"Env":["A=b"],"Labels":{"a":"b"},"ExposedPorts":{"80/tcp":{}}},"rootfs":{"type":"layers","diff_ids":["sha256:{{{{diffId}}}}"]},"history":[{"created_by":"x"}]}""");
        var kind = random.Next(3);
        archive = kind switch
        {
            0 => tar,
            1 => Docker(random, damaged == 3, configuration, packed),
            _ => Oci(random, damaged, configuration, packed),
        };
        archive = damaged == 5 ? Damage(random, archive) : archive;
        archive = random.Next(5) == 0 ? Gzip(archive) : archive;
        archive = random.Next(10) == 0 ? Bytes(random, archive) : archive;
        return $"kind {kind}, damage {damaged}";
    }

    private byte[] Docker(Random random, bool damaged, byte[] configuration, byte[] packed)
    {
        var manifest = Texts(random, damaged, $$$$"""[{"Config":"{{{{Hash(configuration)}}}}.json","RepoTags":["busybox:1","other:2"],"Layers":["{{{{Hash(packed)}}}}.tar"]}]""");
        return Archive(($"{Hash(configuration)}.json", configuration), ($"{Hash(packed)}.tar", packed), ("manifest.json", manifest));
    }

    private byte[] Oci(Random random, int damaged, byte[] configuration, byte[] packed)
    {
        var manifest = Texts(random, damaged == 3, $$$$"""{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:{{{{Hash(configuration)}}}}","size":{{{{configuration.Length}}}}},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:{{{{Hash(packed)}}}}","size":{{{{packed.Length}}}}}]}""");
        var index = Texts(random, damaged == 4, $$$$"""{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{{{{Hash(manifest)}}}}","size":{{{{manifest.Length}}}},"platform":{"os":"linux","architecture":"amd64"},"annotations":{"org.opencontainers.image.ref.name":"a:1"}}]}""");
        return Archive(
            ("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray()), ("index.json", index), ($"blobs/sha256/{Hash(packed)}", packed),
            ($"blobs/sha256/{Hash(configuration)}", configuration), ($"blobs/sha256/{Hash(manifest)}", manifest));
    }

    private byte[] Archive(params (string Name, byte[] Bytes)[] files)
    {
        root.WriteTar("archive", [.. files.Select(file => Text(file.Name, Encoding.Latin1.GetString(file.Bytes)))]);
        return File.ReadAllBytes(root.Directory["archive"]);
    }

    private static byte[] Damage(Random random, byte[] archive) => random.Next(3) switch
    {
        0 => Bytes(random, archive),
        1 => Blocks(random, archive),
        _ => Headers(random, archive),
    };

    /// <summary>Changes, cuts off or adds bytes.</summary>
    private static byte[] Bytes(Random random, byte[] original)
    {
        var bytes = original.ToList();
        switch (random.Next(3))
        {
            case 0:
                for (var i = random.Next(1, 8); i > 0; i--)
                {
                    bytes[random.Next(bytes.Count)] = (byte)random.Next(256);
                }

                break;
            case 1:
                var cut = random.Next(bytes.Count);
                bytes.RemoveRange(cut, random.Next(bytes.Count - cut));
                break;
            default:
                bytes.InsertRange(random.Next(bytes.Count), new byte[random.Next(2000)]);
                break;
        }

        return [.. bytes];
    }

    /// <summary>Drops, doubles and moves blocks.</summary>
    private static byte[] Blocks(Random random, byte[] archive)
    {
        var blocks = archive.Chunk(TarHeader.BlockSize).ToList();
        for (var i = random.Next(1, 4); i > 0 && blocks.Count > 1; i--)
        {
            var (from, to) = (random.Next(blocks.Count), random.Next(blocks.Count));
            var block = blocks[from];
            if (random.Next(2) == 0)
            {
                blocks.RemoveAt(from);
            }

            if (random.Next(2) == 0)
            {
                blocks.Insert(Math.Min(to, blocks.Count), block);
            }
        }

        return [.. blocks.SelectMany(block => block)];
    }

    /// <summary>Changes fields of headers, whose checksums are then right.</summary>
    private static byte[] Headers(Random random, byte[] original)
    {
        var archive = (byte[])original.Clone();
        var headers = Enumerable.Range(0, archive.Length / TarHeader.BlockSize).Select(i => i * TarHeader.BlockSize)
            .Where(at => TarHeader.HasValidChecksum(archive.AsSpan(at, TarHeader.BlockSize))).ToList();
        for (var i = random.Next(1, 4); i > 0 && headers.Count > 0; i--)
        {
            var header = archive.AsSpan(headers[random.Next(headers.Count)], TarHeader.BlockSize);
            Header(random, header);
            header[TarHeader.ChecksumField].Fill((byte)' ');
            var sum = 0;
            foreach (var value in header)
            {
                sum += value;
            }

            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[TarHeader.ChecksumField]);
        }

        return archive;
    }

    private static void Header(Random random, Span<byte> header)
    {
        var name = Names[random.Next(Names.Length)];
        switch (random.Next(6))
        {
            case 0:
                header[TarHeader.TypeOffset] = (byte)"01234567xgLKSDVX\0M"[random.Next(18)];
                break;
            case 1:
                header[TarHeader.NameField].Clear();
                name.CopyTo(header);
                break;
            case 2:
                header[TarHeader.LinkNameField].Clear();
                name.CopyTo(header[TarHeader.LinkNameField]);
                break;
            case 3:
                Encoding.ASCII.GetBytes(Convert.ToString(random.NextInt64(1L << random.Next(1, 33)), 8).PadLeft(11, '0')).CopyTo(header[TarHeader.SizeField]);
                break;
            case 4:
                random.NextBytes(header[TarHeader.SizeField]);
                header[TarHeader.SizeField.Start.Value] |= 0x80;
                break;
            default:
                header[random.Next(TarHeader.BlockSize)] = (byte)random.Next(256);
                break;
        }
    }

    /// <summary>Puts words where others are, or damages the bytes.</summary>
    private static byte[] Texts(Random random, bool damaged, string text)
    {
        if (!damaged)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        if (random.Next(4) == 0)
        {
            return Bytes(random, Encoding.UTF8.GetBytes(text));
        }

        // From a colon, comma or bracket to the next.
        var at = text.IndexOfAny([':', ',', '[', '{'], random.Next(text.Length / 2));
        var end = text.IndexOfAny([',', ']', '}'], at + 1);
        return Encoding.UTF8.GetBytes(text[..(at + 1)] + Words[random.Next(Words.Length)] + text[Math.Max(end, at + 1)..]);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
