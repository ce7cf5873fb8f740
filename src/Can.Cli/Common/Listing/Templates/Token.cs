namespace Can.Cli.Common.Listing.Templates;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>Nothing any more: the action's end.</summary>
    End,

    /// <summary>A name without a dot: of a function, or a word of the language.</summary>
    Word,

    /// <summary><c>.</c> or <c>.Name.Name</c>.</summary>
    Field,

    /// <summary><c>$</c> or <c>$name</c>.</summary>
    Variable,

    /// <summary>A text in quotes; the token has what it means.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>One of <c>( ) | , :=</c>.</summary>
    Symbol,
}

/// <summary>A token of an action.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="At">Where it begins in the template.</param>
/// <param name="End">Where it has ended.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int At, int End)
{
    /// <summary>Whether it is this symbol.</summary>
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;
}

/// <summary>Plain text, or what is between <c>{{</c> and <c>}}</c>.</summary>
/// <param name="Text">The text; null if it is an action.</param>
/// <param name="Tokens">The action's tokens, the last of which is <see cref="TokenKind.End"/>.</param>
internal readonly record struct Piece(string? Text, IReadOnlyList<Token> Tokens);
