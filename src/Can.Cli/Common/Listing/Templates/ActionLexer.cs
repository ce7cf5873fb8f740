using System.Text;

namespace Can.Cli.Common.Listing.Templates;

/// <summary>The tokens of one action.</summary>
internal sealed class ActionLexer
{
    private const string Close = "}}", TrimmingClose = "-}}";

    private readonly string template;
    private readonly List<Token> tokens = [];
    private int at;

    /// <summary>Reads an action to its end.</summary>
    /// <param name="template">The template.</param>
    /// <param name="open">Where the action opens.</param>
    /// <param name="start">Where its first token may be.</param>
    /// <exception cref="UsageException">It does not end, or there is something in it that is no token.</exception>
    public ActionLexer(string template, int open, int start)
    {
        (this.template, at) = (template, start);
        while (true)
        {
            var before = at;
            at = After(char.IsWhiteSpace);
            TrimsAfter = at > before && Follows(TrimmingClose);
            if (TrimsAfter || Follows(Close))
            {
                tokens.Add(new Token(TokenKind.End, "}}", at, at));
                End = at + (TrimsAfter ? TrimmingClose : Close).Length;
                return;
            }

            if (at == template.Length)
            {
                throw TemplateError.At(open, "'{{' without '}}'");
            }

            var token = Next();
            tokens.Add(token);
            at = token.End;
        }
    }

    /// <summary>The tokens.</summary>
    public IReadOnlyList<Token> Tokens => tokens;

    /// <summary>Where the text after the action begins.</summary>
    public int End { get; }

    /// <summary>Whether white space at the beginning of that text is dropped.</summary>
    public bool TrimsAfter { get; }

    private Token Next() => template[at] switch
    {
        '.' => Field(),
        '$' => UpTo(TokenKind.Variable, After(IsOfName, at + 1)),
        '"' => Quoted(),
        '`' => Raw(),
        '(' or ')' or '|' or ',' => UpTo(TokenKind.Symbol, at + 1),
        ':' when Follows(":=") => UpTo(TokenKind.Symbol, at + 2),
        >= '0' and <= '9' => Number(at),
        '-' when at + 1 < template.Length && char.IsAsciiDigit(template[at + 1]) => Number(at + 1),
        var character when IsOfName(character) => UpTo(TokenKind.Word, After(IsOfName)),
        var character => throw TemplateError.At(at, $"unexpected '{character}'"),
    };

    private Token Field()
    {
        var end = at;
        do
        {
            end = After(IsOfName, end + 1);
        }
        while (end < template.Length && template[end] == '.' && template[end - 1] != '.');

        return end == at + 1 || template[end - 1] != '.' ? UpTo(TokenKind.Field, end) : throw TemplateError.At(end - 1, "a name has to follow '.'");
    }

    private Token Number(int digits)
    {
        var end = After(char.IsAsciiDigit, digits);
        return UpTo(TokenKind.Number, end + 1 < template.Length && template[end] == '.' && char.IsAsciiDigit(template[end + 1]) ? After(char.IsAsciiDigit, end + 1) : end);
    }

    private Token Quoted()
    {
        var text = new StringBuilder();
        for (var end = at + 1; end < template.Length; end++)
        {
            if (template[end] == '"')
            {
                return new Token(TokenKind.Text, text.ToString(), at, end + 1);
            }

            _ = text.Append(template[end] == '\\' && end + 1 < template.Length ? Escaped(++end) : template[end]);
        }

        throw TemplateError.At(at, "'\"' without another");
    }

    private char Escaped(int where) => template[where] switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '"' or '\\' => template[where],
        _ => throw TemplateError.At(where - 1, $"'\\{template[where]}' stands for nothing; there are \\n, \\t, \\r, \\\" and \\\\"),
    };

    private Token Raw()
    {
        var end = template.IndexOf('`', at + 1);
        return end > 0 ? new Token(TokenKind.Text, template[(at + 1)..end], at, end + 1) : throw TemplateError.At(at, "'`' without another");
    }

    private Token UpTo(TokenKind kind, int end) => new(kind, template[at..end], at, end);

    private bool Follows(string text) => string.CompareOrdinal(template, at, text, 0, text.Length) == 0;

    private int After(Func<char, bool> belongs) => After(belongs, at);

    private int After(Func<char, bool> belongs, int from)
    {
        while (from < template.Length && belongs(template[from]))
        {
            from++;
        }

        return from;
    }

    private static bool IsOfName(char character) => char.IsLetterOrDigit(character) || character == '_';
}
