using System.Globalization;
using System.Runtime.InteropServices;
using Can.Cli.Common;
using Can.Engine;
using Can.Engine.Containers;

namespace Can.Cli.Containers;

/// <summary>
/// Hands the signals of this process on to a container. Until that runs they end this process, and so does the third SIGINT or
/// SIGTERM, as Docker's command does it: a first process without a handler never sees them.
/// </summary>
internal sealed class SignalProxy : IDisposable
{
    private const int Patience = 3;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    // Without SIGCHLD, SIGCONT, those that stop a process, those for a terminal, and those that tell of a fault.
    private static readonly int[] Numbers = [1, Interrupt, 3, 10, 12, Terminate];

    private readonly Session session;
    private readonly PosixSignalRegistration[] registrations;
    private volatile Container? container;
    private int asked;

    /// <summary>Takes the signals from now on.</summary>
    public SignalProxy(Session session)
    {
        this.session = session;
        registrations = Array.ConvertAll(Numbers, number => PosixSignalRegistration.Create((PosixSignal)number, context =>
        {
            context.Cancel = true;
            Take(number);
        }));
    }

    /// <summary>The container that they are for now runs.</summary>
    public void Begin(Container running) => container = running;

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(registrations, static registration => registration.Dispose());

    private void Take(int number)
    {
        if (container is not { } running || (number is Interrupt or Terminate && Interlocked.Increment(ref asked) >= Patience))
        {
            session.Cancel(number);
            return;
        }

        try
        {
            session.Engine.Containers.Signal(running.Id, number.ToString(CultureInfo.InvariantCulture));
        }
        catch (CanException)
        {
            // It has just ended, which the foreground sees by itself.
        }
    }
}
