package intent

import (
	"errors"
	"strings"
	"testing"
)

// String writes an expression so that every group shows what it is.
func (e expr) String() string {
	parts := make([]string, len(e.items))
	for i, item := range e.items {
		parts[i] = item.String()
	}
	switch e.kind {
	case exprText:
		return "'" + e.text + "'"
	case exprSequence:
		return strings.Join(parts, " ")
	case exprAlternative:
		return "(" + strings.Join(parts, " | ") + ")"
	case exprPermutation:
		return "(" + strings.Join(parts, " ; ") + ")"
	case exprRule:
		return "<" + e.name + ">"
	}
	if e.capture {
		return "{" + e.name + ":@" + e.slot + "}"
	}
	return "{" + e.name + ":" + e.slot + "}"
}

func TestParse(t *testing.T) {
	for _, tc := range []struct{ template, want string }{
		{"open the hatch", "'open the hatch'"},
		{"  open the hatch\n", "'open the hatch'"},
		{"", ""},
		{"(open|shut) it", "('open' | 'shut') ' it'"},
		{"open [the] hatch", "'open ' ('the' | '') ' hatch'"},
		{"[a|b]", "('a' | 'b' | '')"},
		{"hatch[es]", "'hatch' ('es' | '')"},
		{"(a;b)", "(' ' 'a' ' ' ; ' ' 'b' ' ')"},
		{"[a;b]", "((' ' 'a' ' ' ; ' ' 'b' ' ') | '')"},
		{"(a|b;c)", "(' ' ('a' | 'b') ' ' ; ' ' 'c' ' ')"},
		{"open {name}", "'open ' {name:name}"},
		{"{list:slot}", "{list:slot}"},
		{"{list:@slot}", "{list:@slot}"},
		{"{@list}", "{list:@list}"},
		{"{0..100,5:level}", "{0..100,5:level}"},
		{"<in> here", "<in> ' here'"},
		{`\{not a list\}`, "'{not a list}'"},
		{"((a|b) c|[d])", "(('a' | 'b') ' c' | ('d' | ''))"},
		{"a | b", "('a ' | ' b')"},
		{"(|a)", "( | 'a')"},
		{"öffne [die] Tür", "'öffne ' ('die' | '') ' Tür'"},
	} {
		got, err := Parse(tc.template)
		if err != nil {
			t.Errorf("Parse(%q): %v", tc.template, err)
			continue
		}
		if got.root.String() != tc.want {
			t.Errorf("Parse(%q) = %s, want %s", tc.template, got.root, tc.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, tc := range []struct {
		template     string
		line, column int
		problem      string
	}{
		{"open (the hatch", 1, 6, "closes this group"},
		{"open [the hatch", 1, 6, "closes this group"},
		{"open the) hatch", 1, 9, "closes nothing"},
		{"open (the]) hatch", 1, 10, "closes nothing"},
		{"open {name", 1, 6, "closes this name"},
		{"open <name", 1, 6, "closes this name"},
		{"öffne {}", 1, 7, "name is missing"},
		{"{list:}", 1, 1, "slot is missing"},
		{"{@}", 1, 1, "slot is missing"},
		{"one\ntwo }", 2, 5, "closes nothing"},
		{"bad \xff", 1, 1, "UTF-8"},
		{"(a;b;c;d;e;f;g;h;i;j;k)", 1, 21, "more than 10 items"},
		{strings.Repeat("(", 200), 1, 102, "nested deeper"},
	} {
		_, err := Parse(tc.template)
		var te *TemplateError
		if !errors.As(err, &te) {
			t.Errorf("Parse(%q) = %v, want a TemplateError", tc.template, err)
			continue
		}
		if te.Line != tc.line || te.Column != tc.column || !strings.Contains(te.Problem, tc.problem) {
			t.Errorf("Parse(%q): line %d column %d: %s; want %d, %d: ...%s...",
				tc.template, te.Line, te.Column, te.Problem, tc.line, tc.column, tc.problem)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"open [the] {name}", "(a;b|c)", `\(`, "<in>{x:@y}", "{0..9,3:n}%", "[[[", "a|;|b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := Parse(text)
		if err != nil {
			var te *TemplateError
			if !errors.As(err, &te) || te.Line < 1 || te.Column < 1 {
				t.Fatalf("Parse(%q): %v tells no place", text, err)
			}
			return
		}
		if parsed.Text != text {
			t.Fatalf("Parse(%q) keeps %q", text, parsed.Text)
		}
	})
}
