using System.Runtime.ExceptionServices;
using Can.Engine.Containers;
using CanPS.Common;

namespace CanPS.Running;

/// <summary>
/// Passes the lines of a process on as they arrive: standard output to the pipeline, standard error to the host's error output,
/// where a native command's goes too.
/// </summary>
internal sealed class LineRelay(CanCmdlet cmdlet)
{
    private ExceptionDispatchInfo? refusal;

    /// <summary>Runs something that produces lines, and rethrows what the pipeline threw meanwhile.</summary>
    public T Run<T>(Func<Action<OutputLine>, T> run)
    {
        try
        {
            return run(Write);
        }
        finally
        {
            refusal?.Throw();
        }
    }

    // The pipeline says by an exception that nobody wants more (Select-Object -First). The engine is told by the cancellation
    // that every operation of it obeys, and has ended the process before the exception goes on.
    private void Write(OutputLine line)
    {
        if (refusal is not null)
        {
            return;
        }

        try
        {
            WriteLine(line);
        }
        catch (Exception exception)
        {
            refusal = ExceptionDispatchInfo.Capture(exception);
            cmdlet.Cancel();
        }
    }

    private void WriteLine(OutputLine line)
    {
        if (line.Source == OutputSource.Output)
        {
            cmdlet.WriteObject(line.Text);
        }
        else if (cmdlet.Host?.UI is { } host)
        {
            host.WriteErrorLine(line.Text);
        }
        else
        {
            cmdlet.WriteInformation(line.Text, ["stderr"]);
        }
    }
}
