namespace Can.Cli.Common.Listing.Templates;

/// <summary>Takes a template apart into plain text and actions, and minds <c>{{-</c> and <c>-}}</c>, which trim the text beside them.</summary>
internal static class TemplateLexer
{
    private const string Open = "{{", TrimmingOpen = "{{-";
    private const string Space = " \t\r\n";

    /// <summary>The template's pieces in their order.</summary>
    /// <exception cref="UsageException">An action does not end, or there is something in it that is no token.</exception>
    public static List<Piece> Split(string template)
    {
        var pieces = new List<Piece>();
        var trim = false;
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf(Open, at, StringComparison.Ordinal);
            var trimsBefore = open >= 0 && BeginsTrimming(template, open);
            var text = Unescape(open < 0 ? template[at..] : template[at..open]);
            text = trim ? text.TrimStart(Space.ToCharArray()) : text;
            text = trimsBefore ? text.TrimEnd(Space.ToCharArray()) : text;
            if (text.Length > 0)
            {
                pieces.Add(new Piece(text, []));
            }

            if (open < 0)
            {
                break;
            }

            var action = new ActionLexer(template, open, open + (trimsBefore ? TrimmingOpen : Open).Length);
            pieces.Add(new Piece(null, action.Tokens));
            (at, trim) = (action.End, action.TrimsAfter);
        }

        return pieces;
    }

    // As in Go a space has to follow: {{-1}} is a number.
    private static bool BeginsTrimming(string template, int open) =>
        string.CompareOrdinal(template, open, TrimmingOpen, 0, TrimmingOpen.Length) == 0
        && open + TrimmingOpen.Length < template.Length && Space.Contains(template[open + TrimmingOpen.Length], StringComparison.Ordinal);

    // A shell's single quotes leave these two as they are, and Docker understands them.
    private static string Unescape(string text) =>
        text.Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
}
