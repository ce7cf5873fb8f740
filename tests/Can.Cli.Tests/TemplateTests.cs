using System.Text.Json;
using Can.Cli.Common;
using Can.Cli.Common.Listing;

namespace Can.Cli.Tests;

/// <summary>Templates mean what they mean in Go.</summary>
public sealed class TemplateTests
{
    private const string Container = """
        {
            "Name": "/web", "Pid": 17, "Running": true, "Paused": false, "Exit": 0, "Domain": "", "Cmd": null, "Caps": [], "Ports": {},
            "Args": ["-c", "a b"],
            "Labels": {"com.example": "yes", "tier": "front"},
            "Networks": {"zeta": {"IPAddress": "10.0.0.2"}, "alpha": {"IPAddress": "10.0.0.1"}},
            "Published": {"80/tcp": [{"HostPort": "8080"}], "81/tcp": null}
        }
        """;

    private static string Fill(string template)
    {
        using var container = JsonDocument.Parse(Container);
        return Template.Parse(template).Fill(container.RootElement);
    }

    [Theory]
    [InlineData("{{.Name}} has {{ .Pid }}", "/web has 17")]
    [InlineData("{{.Networks.alpha.IPAddress}}", "10.0.0.1")]
    [InlineData("{{json .Name}} {{json .Args}} {{.Labels.tier | json}}", "\"/web\" [\"-c\", \"a b\"] \"front\"")]
    [InlineData("{{.Name}}\\t{{.Pid}}\\n", "/web\t17\n")]
    [InlineData("[{{.Cmd}}{{.Domain}}] {{.Running}} {{.Args}}", "[] true [\"-c\", \"a b\"]")]
    [InlineData("no fields } {", "no fields } {")]
    public void Fields_are_replaced(string template, string text) => Assert.Equal(text, Fill(template));

    [Theory]
    [InlineData("{{range .Args}}<{{.}}>{{end}}", "<-c><a b>")]
    [InlineData("{{range .Networks}}{{.IPAddress}} {{end}}", "10.0.0.1 10.0.0.2 ")]
    [InlineData("{{range $name, $net := .Networks}}{{$name}}={{$net.IPAddress}} {{end}}", "alpha=10.0.0.1 zeta=10.0.0.2 ")]
    [InlineData("{{range $index, $value := .Args}}{{$index}}={{$value}} {{end}}", "0=-c 1=a b ")]
    [InlineData("{{range $value := .Args}}<{{$value}}>{{end}}", "<-c><a b>")]
    [InlineData("{{range .Args}}{{$.Name}} {{end}}", "/web /web ")]
    [InlineData("{{range .Caps}}x{{else}}none of {{.Name}}{{end}}{{range .Cmd}}x{{end}}{{range .Ports}}x{{end}}", "none of /web")]
    [InlineData("{{range $port, $ends := .Published}}{{$port}}:{{range $ends}}{{.HostPort}}{{end}};{{end}}", "80/tcp:8080;81/tcp:;")]
    public void Range_goes_over_lists_and_over_objects_in_the_order_of_their_keys(string template, string text) => Assert.Equal(text, Fill(template));

    [Theory]
    [InlineData("{{index .Labels \"com.example\"}}", "yes")]
    [InlineData("[{{index .Labels \"com.other\"}}]", "[]")]
    [InlineData("{{index .Args 1}}", "a b")]
    [InlineData("{{(index .Published \"80/tcp\" 0).HostPort}}", "8080")]
    [InlineData("{{(index (index .Published `80/tcp`) 0).HostPort}}", "8080")]
    [InlineData("{{with index .Labels \"com.other\"}}{{.}}{{else}}none{{end}}", "none")]
    public void Index_finds_what_has_a_key_or_a_number(string template, string text) => Assert.Equal(text, Fill(template));

    [Theory]
    [InlineData(".Running", true)]
    [InlineData(".Paused", false)]
    [InlineData(".Pid", true)]
    [InlineData(".Exit", false)]
    [InlineData(".Name", true)]
    [InlineData(".Domain", false)]
    [InlineData(".Cmd", false)]
    [InlineData(".Caps", false)]
    [InlineData(".Args", true)]
    [InlineData(".Ports", false)]
    [InlineData(".Labels", true)]
    [InlineData(".Health", false)]
    [InlineData("not .Running", false)]
    [InlineData("and .Health (eq .Health.Status \"healthy\")", false)]
    [InlineData("or .Health .Running", true)]
    [InlineData("eq .Name \"/web\"", true)]
    [InlineData("eq .Pid 16 17", true)]
    [InlineData("ne .Name \"/web\"", false)]
    [InlineData("eq (index .Labels \"com.other\") \"\"", true)]
    public void If_knows_what_is_true(string condition, bool isTrue) => Assert.Equal(isTrue ? "yes" : "no", Fill($"{{{{if {condition}}}}}yes{{{{else}}}}no{{{{end}}}}"));

    [Theory]
    [InlineData("{{if .Paused}}a{{else if .Domain}}b{{else if .Pid}}c{{else}}d{{end}}.", "c.")]
    [InlineData("{{if .Running}}{{if .Paused}}a{{else}}b{{end}}c{{end}}", "bc")]
    [InlineData("{{with .Networks.alpha}}{{.IPAddress}} {{$.Pid}}{{end}}", "10.0.0.1 17")]
    [InlineData("{{$name := .Name}}{{range .Caps}}{{else}}{{$name}}{{end}}", "/web")]
    public void Blocks_stand_in_blocks(string template, string text) => Assert.Equal(text, Fill(template));

    [Theory]
    [InlineData("{{len .Args}} {{len .Labels}} {{len .Name}} {{len .Cmd}}", "2 2 4 0")]
    [InlineData("{{join .Args \", \"}}[{{join .Cmd \"\"}}]", "-c, a b[]")]
    [InlineData("{{range .Args}}{{println .}}{{end}}", "-c\na b\n")]
    [InlineData("{{println .Name .Pid}}{{println}}", "/web 17\n\n")]
    [InlineData("{{upper .Name}} {{.Labels.tier | upper | lower}} {{.Args | len}}", "/WEB front 2")]
    [InlineData("{{join .Args \"\\n\\\"\"}}", "-c\n\"a b")]
    public void Functions_and_pipes(string template, string text) => Assert.Equal(text, Fill(template));

    [Theory]
    [InlineData("a \n {{- .Pid -}} \n b", "a17b")]
    [InlineData("a {{- .Pid}} b {{.Pid -}} \\n c", "a17 b 17c")]
    [InlineData("{{range .Args -}}\n  {{.}};\n{{- end}}", "-c;a b;")]
    [InlineData("a {{-1}}", "a -1")]
    public void Minus_trims_the_text_beside_it(string template, string text) => Assert.Equal(text, Fill(template));

    [Theory]
    [InlineData("ab{{range .Args}}{{.}}", 5, "'range' without {{end}}")]
    [InlineData("{{if .Pid}}{{else}}", 3, "'if' without {{end}}")]
    [InlineData("{{if .Pid}}{{else}}{{else}}{{end}}", 22, "a second 'else'")]
    [InlineData("{{.Pid}}{{end}}", 11, "'end' without if, with or range")]
    [InlineData("{{.Pid}} {{.Name", 10, "'{{' without '}}'")]
    [InlineData("{{frobnicate .Pid}}", 3, "there is no function 'frobnicate', only and, or, not, eq, index")]
    [InlineData("{{len .Pid .Name}}", 3, "'len' has 2 arguments, and has to have at most 1")]
    [InlineData("{{len .Pid}}", 3, "'len' takes a text, a list or an object, not a number")]
    [InlineData("{{index .Args 2}}", 3, "'index' is asked for number 2 of a list of 2")]
    [InlineData("{{index .Labels 0}}", 3, "'index' finds a number in no value that is an object")]
    [InlineData("{{range .Name}}{{end}}", 9, "'range' takes a list or an object, not a text")]
    [InlineData("{{range $a := .Args}}{{end}}{{$a}}", 31, "there is no variable '$a'")]
    [InlineData("{{.Pid .Name}}", 8, "unexpected '.Name'")]
    [InlineData("{{.Pid | .Name}}", 10, "'.Name' is no function")]
    [InlineData("{{.Labels.}}", 10, "a name has to follow '.'")]
    [InlineData("{{index .Labels \"tier}}", 17, "'\"' without another")]
    [InlineData("{{(len .Name}}", 13, "')' is wanted")]
    [InlineData("{{}}", 3, "unexpected '}}'")]
    public void What_is_wrong_is_said_and_where(string template, int character, string what)
    {
        var message = Assert.Throws<UsageException>(() => Fill(template)).Message;

        Assert.StartsWith($"the template is wrong at character {character}: {what}", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("{{.Colour}}", ".Colour")]
    [InlineData("{{.Networks.beta.IPAddress}}", ".Networks.beta.IPAddress")]
    [InlineData("{{range .Networks}}{{.Name}}{{end}}", ".Name")]
    [InlineData("{{if .State.Health}}{{end}}", ".State.Health")]
    public void A_field_that_is_not_there_is_named(string template, string field) =>
        Assert.StartsWith($"there is no {{{{{field}}}}} here", Assert.Throws<UsageException>(() => Fill(template)).Message, StringComparison.Ordinal);
}
