package intent

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// hostileFile is a language of one sentence with rules and lists meant to cost much.
func hostileFile(t testing.TB, sentence string, rules map[string]string) *languageFile {
	t.Helper()
	raw, err := json.Marshal(map[string]any{
		"language": "en", "expansion_rules": rules,
		"intents": map[string]any{"A": map[string]any{"data": []any{map[string]any{"sentences": []string{sentence}}}}},
		"lists":   map[string]any{"w": map[string]any{"wildcard": true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	source, err := decodeLanguage(raw)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// ladder are n rules, each made of the one below it.
func ladder(n int, first, step string) map[string]string {
	rules := map[string]string{"r0": first}
	for i := 1; i <= n; i++ {
		rules[fmt.Sprint("r", i)] = strings.ReplaceAll(step, "#", fmt.Sprintf("<r%d>", i-1))
	}
	return rules
}

// TestHostileTemplates has templates that mean more sentences than there are atoms. What it costs to compile
// and to match them is counted, not timed.
func TestHostileTemplates(t *testing.T) {
	items := strings.TrimSuffix(strings.Repeat("(a;b;c;d;e;f;g;h;i;j);", 10), ";")
	for name, tc := range map[string]struct {
		sentence string
		rules    map[string]string
		said     string
	}{
		"alternatives": {"<r60>", ladder(60, "a", "(#|#|# b)"), "a" + strings.Repeat(" b", 30)},
		"optionals":    {strings.Repeat("[a]", 2_000), nil, strings.Repeat("a", 1_500)},
		"both halves":  {"<r60>", ladder(60, "[a ]", "##"), strings.Repeat("a ", 3_000)},
		"wildcards":    {strings.Repeat("{w} a ", 40), nil, strings.Repeat("a b ", 1_000)},
		"permutations": {"(" + items + ")", nil, strings.Repeat("a b c d e f g h i j ", 10)},
	} {
		l, err := compileLanguage(hostileFile(t, tc.sentence, tc.rules))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if n := len(l.graph.nodes); n > 200_000 {
			t.Errorf("%s: %d nodes", name, n)
		}
		h := l.Home(Names{})
		h.Recognize(tc.said, Where{})
		h.Grammar().Accepts(tc.said)
		if n := h.automaton.states.len(); n > hardStates {
			t.Errorf("%s: %d states", name, n)
		}
		if n := len(h.tracker.frames) + len(h.tracker.events); n > 2*maxSteps {
			t.Errorf("%s: %d frames and events", name, n)
		}
	}
}

// TestEndlessTemplates has templates that cannot be laid out within bounds.
func TestEndlessTemplates(t *testing.T) {
	var ranges strings.Builder
	for i := range 400 {
		fmt.Fprintf(&ranges, "{%d..%d:n%d} ", i, i+19_000, i)
	}
	for name, tc := range map[string]struct {
		sentence string
		rules    map[string]string
		want     string
	}{
		"deep rules":  {"<r9000>", ladder(9_000, "a", "b #"), "deeper than"},
		"deep groups": {strings.Repeat("(", 5_000) + "a" + strings.Repeat(")", 5_000), nil, "deeper than"},
		"many ranges": {ranges.String(), nil, "too large"},
		"itself":      {"<r0>", map[string]string{"r0": "a [<r0>]"}, "refers to itself"},
	} {
		_, err := compileLanguage(hostileFile(t, tc.sentence, tc.rules))
		var te *TemplateError
		if !errors.As(err, &te) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %.200v, want ...%s...", name, err, tc.want)
		}
	}
}
