using System.Runtime.InteropServices;

namespace Can.Engine.Kernel.Nftables;

/// <summary>libnftables under its own names; it is loaded by the first call and never before.</summary>
/// <remarks>nftables/libnftables.h</remarks>
internal static unsafe partial class LibNftables
{
    private const string Library = "libnftables.so.1";
    private const uint NFT_CTX_DEFAULT = 0;

    [LibraryImport(Library)]
    private static partial nint nft_ctx_new(uint flags);

    [LibraryImport(Library)]
    private static partial void nft_ctx_free(nint context);

    [LibraryImport(Library)]
    private static partial int nft_ctx_buffer_output(nint context);

    [LibraryImport(Library)]
    private static partial int nft_ctx_buffer_error(nint context);

    [LibraryImport(Library)]
    private static partial byte* nft_ctx_get_output_buffer(nint context);

    [LibraryImport(Library)]
    private static partial byte* nft_ctx_get_error_buffer(nint context);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int nft_run_cmd_from_buffer(nint context, string commands);

    /// <summary>Runs commands of nft(8) in the network namespace of the calling thread.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="output">What they write.</param>
    /// <param name="error">What went wrong; empty if nothing did.</param>
    /// <returns>Whether all of them succeeded.</returns>
    /// <exception cref="CanException"><c>NftablesMissing</c>: the library is not installed.</exception>
    public static bool Run(string commands, out string output, out string error)
    {
        nint context;
        try
        {
            context = nft_ctx_new(NFT_CTX_DEFAULT);
        }
        catch (DllNotFoundException exception)
        {
            throw new CanException("NftablesMissing", CanErrorCategory.NotInstalled,
                $"Networks with a bridge need {Library}, which is not installed. Install the package libnftables1 (Debian, Ubuntu) or "
                + "nftables (Fedora, Alpine, Arch), or use -Network none or host.", Library, exception);
        }

        try
        {
            // Before the first command: the library would write to the caller's own standard streams.
            _ = nft_ctx_buffer_output(context);
            _ = nft_ctx_buffer_error(context);
            var succeeded = nft_run_cmd_from_buffer(context, commands) == 0;
            output = Marshal.PtrToStringUTF8((nint)nft_ctx_get_output_buffer(context)) ?? "";
            error = Marshal.PtrToStringUTF8((nint)nft_ctx_get_error_buffer(context)) ?? "";
            return succeeded;
        }
        finally
        {
            nft_ctx_free(context);
        }
    }
}
