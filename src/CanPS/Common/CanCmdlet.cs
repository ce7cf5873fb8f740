using System.Management.Automation;
using Can.Engine;
using Can.Engine.Kernel;

namespace CanPS.Common;

/// <summary>
/// What all cmdlets share: the engine of the current root, Ctrl-C as a cancellation, and the engine's errors as error records.
/// </summary>
public abstract class CanCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private CanEngine? engine;

    /// <summary>The engine; the same one for the cmdlet's whole life.</summary>
    private protected CanEngine Engine => engine ??= Engines.Current;

    /// <summary>Is cancelled when the pipeline is stopped.</summary>
    private protected CancellationToken Cancellation => stopping.Token;

    /// <summary>Whether <c>-WhatIf</c> (or <c>$WhatIfPreference</c>) is in force.</summary>
    private protected bool IsWhatIf =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var asked)
            ? LanguagePrimitives.IsTrue(asked)
            : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>Refuses anybody but root before anything is touched: reading the store needs root as much as changing it.</summary>
    protected override void BeginProcessing()
    {
        try
        {
            Privileges.RequireRoot();
        }
        catch (CanException exception)
        {
            ThrowTerminatingError(exception.ToRecord());
        }
    }

    /// <summary>Called on another thread than the pipeline's.</summary>
    protected override void StopProcessing() => Cancel();

    /// <summary>Ends what the engine is doing for this cmdlet.</summary>
    internal void Cancel()
    {
        try
        {
            stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The pipeline has just ended by itself.
        }
    }

    /// <summary>Releases what the cmdlet holds.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the cmdlet holds.</summary>
    /// <param name="disposing">False when called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            stopping.Dispose();
        }
    }

    /// <summary>Does something for one object; an error of the engine becomes a non-terminating error, and the next object has its turn.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="target">The object concerned.</param>
    /// <returns>Whether it was done.</returns>
    private protected bool Attempt(Action action, object? target)
    {
        try
        {
            action();
            WriteNotices();
            return true;
        }
        catch (CanException exception)
        {
            WriteError(exception.ToRecord(target));
            return false;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Says what the engine has changed of the host itself, and what it warns of.</summary>
    private void WriteNotices()
    {
        while (Engine.TakeWarning() is { } warning)
        {
            WriteWarning(warning);
        }

        while (Engine.TakeNotice() is { } notice)
        {
            WriteVerbose(notice);
        }
    }

    /// <summary>Writes an error of the engine and goes on.</summary>
    internal void WriteError(CanException exception) => WriteError(exception.ToRecord());

    /// <summary>The absolute path of the host that a path as PowerShell sees it means.</summary>
    private protected string ResolvePath(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}
