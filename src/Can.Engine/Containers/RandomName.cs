using Can.Engine.Kernel;


namespace Can.Engine.Containers;

/// <summary>Names for containers that were given none: an adjective, and something that comes in cans.</summary>
internal static class RandomName
{
    private static readonly string[] Adjectives =
    [
        "amber", "bold", "brave", "bright", "brisk", "calm", "clever", "cosy", "crisp", "curious", "dapper", "eager", "fair", "fresh", "gentle",
        "golden", "happy", "hardy", "honest", "humble", "jolly", "keen", "kind", "lively", "lucid", "merry", "mild", "modest", "neat", "nimble",
        "noble", "patient", "plain", "proud", "quick", "quiet", "ready", "sharp", "silver", "sincere", "smooth", "steady", "sturdy", "sunny",
        "swift", "tidy", "upbeat", "vivid", "warm", "witty",
    ];

    private static readonly string[] Nouns =
    [
        "anchovy", "apricot", "artichoke", "asparagus", "bean", "beetroot", "broth", "caper", "carrot", "cherry", "chickpea", "chili", "chutney",
        "clam", "cocoa", "coconut", "cod", "coffee", "corn", "fig", "herring", "kipper", "lentil", "lychee", "mackerel", "mango", "mushroom",
        "mussel", "olive", "oyster", "papaya", "paprika", "pea", "peach", "pear", "pepper", "pickle", "pineapple", "plum", "pumpkin", "salmon",
        "sardine", "soup", "spinach", "sprat", "stew", "tea", "tomato", "trout", "tuna",
    ];

    internal static string Next() =>
        $"{Adjectives[Entropy.Below(Adjectives.Length)]}_{Nouns[Entropy.Below(Nouns.Length)]}_{1000 + Entropy.Below(9000)}";
}
