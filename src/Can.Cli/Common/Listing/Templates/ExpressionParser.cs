using System.Globalization;

namespace Can.Cli.Common.Listing.Templates;

/// <summary>Makes expressions of an action's tokens: operands, calls, and pipes, whose left side is the last argument of the right one.</summary>
/// <param name="tokens">The tokens.</param>
/// <param name="variables">The variables there are.</param>
/// <param name="named">Gets the first names of the fields of the whole object, and an empty one if all of it is meant.</param>
internal sealed class ExpressionParser(IReadOnlyList<Token> tokens, List<string> variables, List<string> named)
{
    private int next;

    /// <summary>The token that comes now.</summary>
    public Token Current => tokens[next];

    /// <summary>Takes the token that comes now, if it is this word.</summary>
    public bool Take(string word)
    {
        var isThere = Current.Kind == TokenKind.Word && Current.Text == word;
        next += isThere ? 1 : 0;
        return isThere;
    }

    /// <summary>Reads what stands behind <c>if</c>, <c>with</c> or <c>range</c>, or in an action of its own, to its end.</summary>
    /// <param name="mayHaveKey">Whether two variables may be declared.</param>
    public Head Head(bool mayHaveKey)
    {
        var at = Current.At;
        var names = Declared(mayHaveKey);
        var value = Pipeline();
        ExpectEnd();
        variables.AddRange(names);
        return new Head(names.Count == 2 ? names[0] : null, names.Count > 0 ? names[^1] : null, value, at);
    }

    /// <summary>Sees to it that the action has no more in it.</summary>
    public void ExpectEnd()
    {
        if (Current.Kind != TokenKind.End)
        {
            throw Unexpected();
        }
    }

    // "$a :=" and "$a, $b :="; nothing else begins with a variable and one of these symbols.
    private List<string> Declared(bool mayHaveKey)
    {
        var names = new List<string>();
        if (Current.Kind != TokenKind.Variable || !(tokens[next + 1].Is(":=") || tokens[next + 1].Is(",")))
        {
            return names;
        }

        while (true)
        {
            var name = Take(TokenKind.Variable).Text;
            names.Add(name != Scope.Root ? name : throw TemplateError.At(tokens[next - 1].At, "'$' is the whole object and cannot be declared"));
            if (!mayHaveKey || names.Count == 2 || !Current.Is(","))
            {
                break;
            }

            next++;
        }

        TakeSymbol(":=");
        return names;
    }

    private Expression Pipeline()
    {
        var value = Command(null);
        while (Current.Is("|"))
        {
            next++;
            value = Command(value);
        }

        return value;
    }

    private Expression Command(Expression? piped)
    {
        var first = Current;
        if (first.Kind != TokenKind.Word || IsConstant(first.Text))
        {
            var value = Operand();
            return piped is null ? value : throw TemplateError.At(first.At, $"'{first.Text}' is no function that something can be piped into");
        }

        next++;
        var arguments = new List<Expression>();
        while (Current.Kind != TokenKind.End && !Current.Is("|") && !Current.Is(")"))
        {
            arguments.Add(Operand());
        }

        return Function.Call(first, piped is null ? arguments : [.. arguments, piped]);
    }

    private Expression Operand()
    {
        var token = Current;
        next += token.Kind == TokenKind.End ? 0 : 1;
        switch (token.Kind)
        {
            case TokenKind.Text:
                return new Constant(Values.Of(token.Text));
            case TokenKind.Number:
                return new Constant(Values.Of(Number(token)));
            case TokenKind.Word when IsConstant(token.Text):
                return new Constant(token.Text == "nil" ? Values.Null : Values.Of(token.Text == "true"));
            case TokenKind.Word:
                return Function.Call(token, []);
            case TokenKind.Field:
                named.Add(FirstName(token));
                return token.Text == "." ? new Dot() : new Field(new Dot(), token.Text);
            case TokenKind.Variable:
                return OfVariable(token);
            case TokenKind.Symbol when token.Is("("):
                var inner = Pipeline();
                TakeSymbol(")");
                return WithFields(inner);
            default:
                throw Unexpected(token);
        }
    }

    private Expression OfVariable(Token token)
    {
        if (token.Text == Scope.Root)
        {
            named.Add(HasFields ? FirstName(Current) : "");
        }
        else if (!variables.Contains(token.Text))
        {
            throw TemplateError.At(token.At, $"there is no variable '{token.Text}'");
        }

        return WithFields(new Variable(token.Text));
    }

    // "$a.B" and "(…).B", unlike "$a .B", which are two.
    private bool HasFields => Current.Kind == TokenKind.Field && Current.Text != "." && Current.At == tokens[next - 1].End;

    private Expression WithFields(Expression value) => HasFields ? new Field(value, tokens[next++].Text) : value;

    private static string FirstName(Token field) => field.Text.Split('.')[1];

    private static bool IsConstant(string word) => word is "true" or "false" or "nil";

    private static decimal Number(Token token) => decimal.TryParse(token.Text, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw TemplateError.At(token.At, $"'{token.Text}' is too large a number");

    private Token Take(TokenKind kind) => Current.Kind == kind ? tokens[next++] : throw Unexpected();

    private void TakeSymbol(string symbol) => next += Current.Is(symbol) ? 1 : throw TemplateError.At(Current.At, $"'{symbol}' is wanted, not '{Current.Text}'");

    private UsageException Unexpected() => Unexpected(Current);

    private static UsageException Unexpected(Token token) => TemplateError.At(token.At, $"unexpected '{token.Text}'");
}
