namespace Can.Cli.Common.Listing.Templates;

/// <summary>Makes blocks of a template's pieces.</summary>
internal sealed class TemplateParser
{
    private readonly List<Piece> pieces;
    private readonly List<string> variables = [Scope.Root];
    private readonly List<string> named = [];
    private int next;

    /// <summary>Parses a template.</summary>
    /// <exception cref="UsageException">It cannot be understood.</exception>
    public TemplateParser(string template)
    {
        pieces = TemplateLexer.Split(template);
        Nodes = Block(null);
    }

    /// <summary>All of it.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>First names of all fields of the whole object, and an empty one if all of it is meant.</summary>
    public IReadOnlyList<string> Named => named;

    /// <summary>Reads up to the <c>else</c> or <c>end</c> of what is open, which is read by <see cref="Otherwise"/>.</summary>
    private List<Node> Block(Token? opener)
    {
        var (nodes, outside) = (new List<Node>(), variables.Count);
        for (; next < pieces.Count; next++)
        {
            if (pieces[next].Text is { } text)
            {
                nodes.Add(new TextNode(text));
                continue;
            }

            var first = pieces[next].Tokens[0];
            if (first is { Kind: TokenKind.Word, Text: "end" or "else" })
            {
                variables.RemoveRange(outside, variables.Count - outside);
                return opener is not null ? nodes : throw TemplateError.At(first.At, $"'{first.Text}' without if, with or range");
            }

            nodes.Add(Action(Read()));
        }

        return opener is { } open ? throw TemplateError.At(open.At, $"'{open.Text}' without {{{{end}}}}") : nodes;
    }

    private ExpressionParser Read() => new(pieces[next].Tokens, variables, named);

    // On return the piece that comes now is the last one of what was read.
    private Node Action(ExpressionParser action)
    {
        var first = action.Current;
        if (action.Take("range"))
        {
            return Nested(first, action, static (head, body, otherwise) => new RangeNode(head, body, otherwise), mayHaveKey: true);
        }

        if (action.Take("if"))
        {
            return Nested(first, action, static (head, body, otherwise) => new IfNode(head, false, body, otherwise));
        }

        if (action.Take("with"))
        {
            return Nested(first, action, static (head, body, otherwise) => new IfNode(head, true, body, otherwise));
        }

        var head = action.Head(mayHaveKey: false);
        return head.Name is { } name ? new DeclarationNode(name, head.Value) : new ValueNode(head.Value);
    }

    private Node Nested(Token opener, ExpressionParser action, Func<Head, List<Node>, List<Node>, Node> make, bool mayHaveKey = false)
    {
        var outside = variables.Count;
        var head = action.Head(mayHaveKey);
        next++;
        var body = Block(opener);
        var node = make(head, body, Otherwise(opener));
        variables.RemoveRange(outside, variables.Count - outside);
        return node;
    }

    private List<Node> Otherwise(Token opener)
    {
        var action = Read();
        var isElse = action.Take("else");
        if (!isElse)
        {
            _ = action.Take("end");
        }
        else if (action.Current is { Kind: TokenKind.Word, Text: "if" or "with" })
        {
            // {{else if}} has no {{end}} of its own.
            return [Action(action)];
        }

        action.ExpectEnd();
        if (!isElse)
        {
            return [];
        }

        next++;
        var nodes = Block(opener);
        var end = Read();
        if (!end.Take("end"))
        {
            throw TemplateError.At(end.Current.At, "a second 'else'");
        }

        end.ExpectEnd();
        return nodes;
    }
}
