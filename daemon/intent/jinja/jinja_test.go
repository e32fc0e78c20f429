package jinja_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hearth/daemon/intent/jinja"
)

// TestAgreesWithJinja compares with what Python's Jinja renders of the same templates.
func TestAgreesWithJinja(t *testing.T) {
	raw, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Vars  map[string]any
		Cases []struct {
			Template, Want string
			Error          bool
		}
	}
	if err := json.Unmarshal(raw, &table); err != nil {
		t.Fatal(err)
	}
	vars := whole(table.Vars).(map[string]any)
	for _, c := range table.Cases {
		got, err := render(c.Template, vars)
		if got != c.Want || (err != nil) != c.Error {
			t.Errorf("%q\n got %q, error %v\nwant %q, error %v", c.Template, got, err, c.Want, c.Error)
		}
	}
}

func render(source string, vars jinja.Vars) (string, error) {
	template, err := jinja.Parse("case", source)
	if err != nil {
		return "", err
	}
	return template.Render(vars)
}

// whole makes JSON's numbers integers where they are.
func whole(v any) any {
	switch v := v.(type) {
	case float64:
		if v == float64(int(v)) {
			return int(v)
		}
	case []any:
		for i := range v {
			v[i] = whole(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = whole(v[key])
		}
	}
	return v
}

// A comma takes the place of the point in numbers alone.
func TestComma(t *testing.T) {
	vars := jinja.Vars{"degrees": 21.5, "number": "1234.5 kWh", "share": "58.5%", "below": "-0.5 °C", "address": "192.168.0.1", "version": "2026.11.0", "host": "nas.lan", "on": "on"}
	for source, want := range map[string]string{
		"{{ degrees | comma }}": "21,5", "{{ number | comma }}": "1234,5 kWh", "{{ share | comma }}": "58,5%", "{{ below | comma }}": "-0,5 °C",
		"{{ address | comma }}": "192.168.0.1", "{{ version | comma }}": "2026.11.0", "{{ host | comma }}": "nas.lan", "{{ on | comma }}": "on",
	} {
		if got, err := render(source, vars); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", source, got, err, want)
		}
	}
}

func TestErrorsNameTheirPlace(t *testing.T) {
	for source, want := range map[string]string{
		"one\ntwo {{ 1 / zero }}":     "template case:2:10: division by zero",
		"{{ x | wrong }}":             `template case:1:8: there is no filter "wrong"`,
		"é\n\n {% if x %}":            `template case:3:12: {% endif %} is expected here, not the end`,
		"{{ nobody.name }}":           "template case:1:10: nobody is not defined",
		"{{ 'a' |\n  abs }}":          "template case:2:3: abs: a string is not a number",
		"{% for x in y %}{{x}}{% end": `template case:1:22: the tag is not closed with %}`,
	} {
		_, err := render(source, jinja.Vars{"zero": 0})
		var fault *jinja.Error
		if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", source, err, want)
		}
	}
}

func TestHostileTemplatesEnd(t *testing.T) {
	many := make([]any, 1000)
	loops := strings.Repeat("{% for x in many %}", 5) + "x" + strings.Repeat("{% endfor %}", 5)
	for name, source := range map[string]string{
		"nested loops":     loops,
		"empty loops":      strings.ReplaceAll(loops, "x{", "{"),
		"growing text":     "{% set ns = namespace(t='xxxxxxxx') %}{% for x in many %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}",
		"replaced text":    "{% set ns = namespace(t='xxxxxxxx') %}{% for x in many %}{% set ns.t = ns.t | replace('x', 'xxxxxxxx') %}{% endfor %}",
		"joined text":      "{{ many | join('" + strings.Repeat("x", 100) + "') }}",
		"nested lists":     "{% set ns = namespace(l=['xxxxxxxx']) %}{% for x in many %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
		"equal lists":      "{% set l = [] %}{% set _ = l.append(l) %}{% set k = [] %}{% set _ = k.append(k) %}{{ l == k }}",
		"ordered lists":    "{% set l = [] %}{% set _ = l.append(l) %}{% set k = [] %}{% set _ = k.append(k) %}{{ l < k }}",
		"recursive macro":  "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
		"large numbers":    "{{ 9 ** 9 ** 9 }}",
		"wide format":      "{{ '{:999999999d}'.format(1) }}",
		"deep parentheses": "{{ " + strings.Repeat("(", 10000) + "1" + strings.Repeat(")", 10000) + " }}",
		"deep blocks":      strings.Repeat("{% if x %}", 5000) + strings.Repeat("{% endif %}", 5000),
		"deep signs":       "{{ " + strings.Repeat("-", 100000) + "1 }}",
		"deep negations":   "{{ " + strings.Repeat("not ", 50000) + "1 }}",
		"large bodies":     "{% for x in many %}{% for y in many %}{{ 1" + strings.Repeat("+1", 50_000) + " }}{% endfor %}{% endfor %}",
		"large source":     strings.Repeat("x", 1<<20),
		"long range":       "{{ range(10 ** 9) | list }}",
		"long ranges":      "{% for i in range(10 ** 4) %}{% for j in range(10 ** 4) %}{% endfor %}{% endfor %}",
		"unread ranges":    "{% for i in range(5000) %}{% set x = range(5000) %}{% endfor %}",
		"keys":             "{% set d = dict.fromkeys(range(5000)) %}{% for i in range(5000) %}{% set x = d.keys() %}{% endfor %}",
		"made keys":        "{% set l = range(5000) %}{% for i in range(5000) %}{% set x = dict.fromkeys(l) %}{% endfor %}",
		"empty words":      "{% set l = [''] * 5000 %}{% for i in range(5000) %}{% set x = l | join %}{% endfor %}",
		"repeated text":    "{{ 'xx' * 10 ** 9 }}",
		"repeated list":    "{{ [1] * 10 ** 9 }}",
		"unique items":     "{{ range(10 ** 5 - 10) | unique | list }}",
		"grouped items":    "{{ range(10 ** 5 - 10) | groupby('x') }}",
		"zeros":            "{{ '7'.zfill(10 ** 9) }}",
		"endless words":    "{% for i in range(100) %}{{ '%999d %999d' % (i, i) }}{% endfor %}",
		"no loop to leave": "{% break %}",
	} {
		if _, err := render(source, jinja.Vars{"many": many}); err == nil {
			t.Errorf("%s: rendered", name)
		}
	}
}

func TestLongChainsRender(t *testing.T) {
	got, err := render("{{ 0"+strings.Repeat("+1", 90_000)+" }}", nil)
	if err != nil || got != "90000" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestListInItself(t *testing.T) {
	got, err := render("{% set l = [] %}{% set _ = l.append(l) %}{{ l }}", nil)
	if err != nil || !strings.HasPrefix(got, "[[[") || !strings.Contains(got, "...") {
		t.Errorf("%q, %v", got, err)
	}
}

// TestPublishedTemplates compiles every response of every published language.
func TestPublishedTemplates(t *testing.T) {
	for path, templates := range published(t) {
		for name, source := range templates {
			if _, err := jinja.Parse(filepath.Base(path)+" "+name, source); err != nil {
				t.Error(err)
			}
		}
	}
}

// published are the response templates by file, then by intent and key.
func published(t testing.TB) map[string]map[string]string {
	assets := os.Getenv("HEARTH_ASSETS")
	if assets == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skip(err)
		}
		assets = filepath.Join(cache, "hearth", "assets")
	}
	paths, _ := filepath.Glob(filepath.Join(assets, "sentences", "*.json"))
	all := map[string]map[string]string{}
	for _, path := range paths {
		if templates := responses(t, path); len(templates) > 0 {
			all[path] = templates
		}
	}
	if len(all) == 0 {
		t.Skip("no sentences in " + assets + ": run make assets")
	}
	return all
}

func responses(t testing.TB, path string) map[string]string {
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Responses struct {
			Intents map[string]map[string]string
			Errors  map[string]string
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	templates := map[string]string{}
	for key, source := range file.Responses.Errors {
		templates["errors."+key] = source
	}
	for intent, keys := range file.Responses.Intents {
		for key, source := range keys {
			templates[intent+"."+key] = source
		}
	}
	return templates
}

func FuzzRender(f *testing.F) {
	for _, seed := range []string{
		"{{ name | capitalize }} {% if x == 1: %}a{% elif y %}b{% else %}c{% endif %}",
		"{% for k, v in {'a': [1, 2.5]}.items() if v %}{{ loop.index ~ k }}{%- else -%}{% endfor %}",
		"{% macro m(a, b=1) %}{{ a[1:-1] }}{% endmacro %}{{ m('xyz') }}{# c #}",
		"{% set ns = namespace(x=1) %}{% set ns.x = -ns.x ** 2 %}{{ '{0:02d}'.format(ns.x) | replace('0', '') }}",
		"{{ list | sort | map(attribute='x') | select('in', [1]) | join(', ') }}{% set t %}a{% endset %}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		text, err := render(source, jinja.Vars{"name": "Étage", "list": []any{1, "x", nil}})
		var fault *jinja.Error
		if err != nil && !errors.As(err, &fault) {
			t.Errorf("error without a place: %v", err)
		}
		if len(text) > 64<<10 {
			t.Errorf("%d bytes", len(text))
		}
	})
}

func BenchmarkRender(b *testing.B) {
	for name, source := range map[string]string{
		"short": "Added {{ slots.item | capitalize }}",
		"list": "{% set m = matched | map(attribute='name') | sort | list %}{% if m | length > 4 %}" +
			"{{ m[:3] | join(', ') }} and {{ (m | length - 3) }} more{% else %}{% for n in m %}" +
			"{% if not loop.first %}, {% endif %}{{ n }}{% endfor %}{% endif %}",
	} {
		template, err := jinja.Parse(name, source)
		if err != nil {
			b.Fatal(err)
		}
		vars := jinja.Vars{
			"slots":   map[string]any{"item": "milk"},
			"matched": []any{map[string]any{"name": "Window"}, map[string]any{"name": "Door"}, map[string]any{"name": "Gate"}},
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := template.Render(vars); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A lamp is an Object as a caller's state would be.
type lamp string

func (l lamp) String() string { return string(l) }

func (l lamp) Attr(name string) (any, bool) {
	if name == "brightness" {
		return 50, true
	}
	return nil, false
}

func TestObjectsAndFunctions(t *testing.T) {
	vars := jinja.Vars{
		"lamp": lamp("on"),
		"twice": jinja.Func(func(args []any) (any, error) {
			n, ok := args[0].(int)
			if !ok {
				return nil, errors.New("not a number")
			}
			return 2 * n, nil
		}),
	}
	for source, want := range map[string]string{
		"{{ lamp }} {{ lamp.brightness }} {{ lamp['brightness'] }} {{ lamp.nothing }}|": "on 50 50 |",
		"{{ lamp == 'on' }} {{ 'off' == lamp }} {{ lamp in ['on'] }}":                   "True False True",
		"{{ {'on': 1}[lamp] }} {{ lamp | upper }} {{ [lamp] }} {{ twice(21) }}":         "1 ON [on] 42",
	} {
		if got, err := render(source, vars); got != want || err != nil {
			t.Errorf("%s: %q, %v, want %q", source, got, err, want)
		}
	}
	if _, err := render("{{ twice('x') }}", vars); err == nil || err.Error() != "template case:1:9: not a number" {
		t.Error(err)
	}
}
