using System.Runtime.InteropServices;
using System.Text;
using Can.Engine;
using Can.Engine.Kernel;

namespace Can.Cli.Common;

/// <summary>What a verb works with: the engine, this process's streams, and its signals. Everything is made when it is first asked for.</summary>
internal sealed class Session : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Lazy<CanEngine> engine = new(static () => new CanEngine(CanRoot.FromEnvironment(), CommandHelper.Program));
    private StreamWriter? output;
    private StreamWriter? error;

    /// <summary>The version of this build.</summary>
    public static string Version => typeof(Session).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The engine over the root that the environment names.</summary>
    public CanEngine Engine => engine.Value;

    /// <summary>
    /// Lets another thread read what a start of a container needs, while this one still makes sense of the command line. This process
    /// starts one container and ends, so that the two take about as long as each other.
    /// </summary>
    public void ReadAhead() => new Thread(() =>
    {
        try
        {
            Engine.ReadAhead();
        }
        catch (CanException)
        {
            // There is no such root; whoever asks for the engine next is told.
        }
    })
    { IsBackground = true }.Start();

    /// <summary>Standard output as text; it is written when it is flushed, at the latest at the end.</summary>
    public TextWriter Output => output ??= Writer(DescriptorStream.StandardOutput());

    /// <summary>Standard error as text.</summary>
    public TextWriter Error => error ??= Writer(DescriptorStream.StandardError());

    /// <summary>Cancelled by the first SIGINT or SIGTERM.</summary>
    public CancellationToken Cancellation
    {
        get
        {
            if (registrations.Count == 0)
            {
                OnSignal(PosixSignal.SIGINT, _ => Cancel(2));
                OnSignal(PosixSignal.SIGTERM, _ => Cancel(15));
            }

            return stopping.Token;
        }
    }

    /// <summary>Cancelled by <see cref="Cancel"/> alone: for those who do something else with signals.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Exit code after such a signal.</summary>
    public int SignalCode { get; private set; } = ExitCode.Failure;

    /// <summary>Does something when a signal comes, instead of what it usually does.</summary>
    public void OnSignal(PosixSignal signal, Action<PosixSignal> action) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action(context.Signal);
    }));

    /// <summary>Writes one line to standard error.</summary>
    public void Complain(string message)
    {
        Error.WriteLine($"can: {message}");
        Error.Flush();
    }

    /// <summary>Writes an error of the engine in one line, in this command's own words.</summary>
    public void Complain(CanException exception) => Complain(Wording.Of(exception.Message));

    /// <summary>Says what the engine warns of: what was done works, and yet not as it seems.</summary>
    public void PassOnWarnings()
    {
        while (engine.IsValueCreated && Engine.TakeWarning() is { } warning)
        {
            Complain($"warning: {Wording.Of(warning)}");
        }
    }

    /// <summary>Does the same to each of several objects; one that fails does not keep the others from it.</summary>
    /// <returns>The exit code.</returns>
    public int ForEach<T>(IEnumerable<T> items, Action<T> action)
    {
        var result = ExitCode.Success;
        foreach (var item in items)
        {
            try
            {
                action(item);
            }
            catch (CanException exception)
            {
                Output.Flush();
                Complain(exception);
                result = ExitCode.Failure;
            }
        }

        return result;
    }

    /// <summary>Writes what has not been written yet.</summary>
    public void Flush()
    {
        output?.Flush();
        error?.Flush();
    }

    /// <summary>Writes it not: nobody reads it.</summary>
    public void Forget() => (output, error) = (null, null);

    /// <inheritdoc/>
    public void Dispose()
    {
        registrations.ForEach(static registration => registration.Dispose());
        stopping.Dispose();
    }

    // An unbuffered stream below: what is flushed has been written.
    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(false), 16 * 1024, leaveOpen: true);

    /// <summary>Ends what this process does, as this signal would.</summary>
    public void Cancel(int signal)
    {
        SignalCode = ExitCode.Signal + signal;
        stopping.Cancel();
    }
}
