package spellout

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEnglishNeedsNoFile(t *testing.T) {
	english, err := Load(t.TempDir(), "en")
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[float64][]string{
		0:     {"zero"},
		13:    {"thirteen"},
		50:    {"fifty"},
		21:    {"twenty-one", "twenty one"},
		100:   {"one hundred", "a hundred"},
		105:   {"one hundred five", "a hundred five", "one hundred and five", "a hundred and five"},
		1001:  {"one thousand one", "a thousand one", "one thousand and one", "a thousand and one"},
		2700:  {"two thousand seven hundred"},
		-5:    {"minus five"},
		20.5:  {"twenty point five"},
		21.25: {"twenty-one point two five", "twenty one point two five"},
	} {
		if got := english.Spellings(n); !slices.Equal(got, want) {
			t.Errorf("%v: %q, want %q", n, got, want)
		}
	}
	if got := english.Spellings(1.125); got != nil {
		t.Errorf("three decimals: %q", got)
	}
}

func TestLanguagesSpell(t *testing.T) {
	for _, c := range []struct {
		language string
		n        float64
		want     string
	}{
		{"de", 21, "einundzwanzig"},
		{"de", 0.5, "null komma fünf"},
		{"de-CH", 30, "dreissig"},
		{"fr", 71, "soixante et onze"},
		{"fr", 80, "quatre-vingts"},
		{"fr", 81, "quatre vingt un"},
		{"es", 21, "veintiuna"},
		{"es", 1000, "mil"},
		{"pl", 22, "dwadzieścia dwie"},
		{"pl", 1.05, "jeden przecinek zero pięć"},
		{"ru", 2000, "две тысячи"},
		{"ru", 5000, "пять тысяч"},
		{"ru", 2.5, "две целых пять десятых"},
		{"da", 55, "femoghalvtreds"},
		{"nb", 42, "førtito"},
		{"zh-TW", 105, "一百零五"},
		{"ja", 25, "二十五"},
		{"ko", 42, "사십이"},
		{"hu", 33, "harminchárom"},
		{"cs", -3, "minus tři"},
		{"pt", 16, "dezasseis"},
		{"pt-BR", 16, "dezesseis"},
	} {
		if got := load(t, c.language).Spellings(c.n); !slices.Contains(got, c.want) {
			t.Errorf("%s %v: %q is not in %q", c.language, c.n, c.want, got)
		}
	}
}

// TestMatchFindsWhatIsSpelled holds for every language: what is spelled is found, whole, as the same number.
// Above a thousand every 37th number stands for its neighbours, which are put together alike.
func TestMatchFindsWhatIsSpelled(t *testing.T) {
	for _, code := range languages(t) {
		s := load(t, code)
		findAll(t, s, -100, 1100, 1)
		findAll(t, s, 1100, 10000, 37)
		findAll(t, s, 1000, 10000, 100)
	}
}

func findAll(t *testing.T, s *Speller, from, to, step int) {
	t.Helper()
	words := s.Words(from, to, step, 1)
	for n := from; n <= to; n += step {
		spellings := s.Spellings(float64(n))
		if len(spellings) == 0 {
			t.Errorf("%v: no words for %d", s.tag, n)
		}
		for _, text := range spellings {
			got, length, ok := words.Match(text)
			if !ok || length != len(text) || got != float64(n) {
				t.Fatalf("%v %d: %q is found as %v, %d bytes, %v", s.tag, n, text, got, length, ok)
			}
		}
	}
}

func TestDecimalsAreFound(t *testing.T) {
	for _, code := range languages(t) {
		s := load(t, code)
		words := s.Words(0, 40, 1, 10)
		found := 0
		for n := range 401 {
			for _, text := range s.Spellings(float64(n) / 10) {
				found++
				if got, length, ok := words.Match(text); !ok || length != len(text) || got != float64(n)/10 {
					t.Errorf("%s %v: %q is found as %v, %d bytes, %v", code, float64(n)/10, text, got, length, ok)
				}
			}
		}
		if found <= 41 {
			t.Logf("%s: no words for decimals", code)
		}
	}
}

func TestMatchTakesTheLongest(t *testing.T) {
	words := English().Words(0, 100, 1, 2)
	for text, want := range map[string]struct {
		value  float64
		length int
	}{
		"twenty one percent":    {21, 10},
		"twenty-one":            {21, 10},
		"twenty percent":        {20, 6},
		"twenty point five":     {20.5, 17},
		"twenty point six":      {20, 6},
		"a hundred":             {100, 9},
		"one hundred and fifty": {100, 11},
		"seventeen":             {17, 9},
	} {
		value, length, ok := words.Match(text)
		if !ok || value != want.value || length != want.length {
			t.Errorf("%q: %v of %d bytes, %v", text, value, length, ok)
		}
	}
	for _, text := range []string{"", "fif", "Twenty", " one"} {
		if value, length, ok := words.Match(text); ok || length != 0 {
			t.Errorf("%q: %v of %d bytes", text, value, length)
		}
	}
}

func TestStep(t *testing.T) {
	words := English().Words(1000, 10000, 100, 1)
	if value, _, ok := words.Match("two thousand seven hundred"); !ok || value != 2700 {
		t.Errorf("%v, %v", value, ok)
	}
	if _, length, _ := words.Match("two thousand seven"); length != len("two thousand") {
		t.Errorf("%d bytes", length)
	}
}

func TestNoRules(t *testing.T) {
	if _, err := Load(t.TempDir(), "de"); !errors.Is(err, ErrNoRules) {
		t.Error(err)
	}
	for _, raw := range []string{``, `{}`, `[]`, `{"rbnf":{"rbnf":{"SpelloutRules":{"%spellout-cardinal":[["0","→%none→;"]]}}}}`,
		`{"rbnf":{"rbnf":{"SpelloutRules":{"%spellout-cardinal":[["0","$(cardinal,one{x)$;"]]}}}}`,
		`{"rbnf":{"rbnf":{"SpelloutRules":{"%spellout-cardinal":[["x","a;"]]}}}}`} {
		if _, err := New([]byte(raw), "de"); err == nil {
			t.Errorf("%s: accepted", raw)
		}
	}
}

func TestRulesInCirclesEnd(t *testing.T) {
	s, err := New([]byte(`{"rbnf":{"rbnf":{"SpelloutRules":{
		"%spellout-cardinal":[["-x","→→;"],["0","=%%a=;"]],"%%a":[["0","x=%spellout-cardinal==%spellout-cardinal=;"]]}}}}`), "de")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Spellings(1); got != nil {
		t.Errorf("%q", got)
	}
}

func TestRulesThatDoubleEnd(t *testing.T) {
	var sets strings.Builder
	for i := range 60 {
		fmt.Fprintf(&sets, `,"%%%%%d":[["0","=%%%%%d==%%%%%d=;"]]`, i, i+1, i+1)
	}
	s, err := New([]byte(`{"rbnf":{"rbnf":{"SpelloutRules":{"%spellout-cardinal":[["0","=%%0=;"]],"%%60":[["0","x;"]]`+sets.String()+`}}}}`), "de")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Spellings(1); got != nil {
		t.Errorf("%.100q", got)
	}
}

func FuzzRules(f *testing.F) {
	for _, rule := range []string{"one", "←← hundred[ →→]", "[→→og|x]=%spellout-cardinal=", "$(cardinal,one{a}other{b})$", "→→→", "=#,##0=", "'x"} {
		f.Add("0", "zero", "100/10", rule)
		f.Add("-x", "minus →→", "x.x", rule)
	}
	f.Fuzz(func(t *testing.T, key, text, key2, text2 string) {
		s, err := compile(map[string][][2]string{
			"%spellout-cardinal": {{key, text}, {key2, text2}},
			"%%other":            {{key2, text2}},
		}, "pl")
		if err != nil {
			return
		}
		for _, n := range []float64{0, 1, -1, 105, 2000, 21.5, -0.25} {
			s.Spellings(n)
		}
	})
}

func rules(t testing.TB) string {
	assets := os.Getenv("HEARTH_ASSETS")
	if assets == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skip(err)
		}
		assets = filepath.Join(cache, "hearth", "assets")
	}
	dir := filepath.Join(assets, "rbnf")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no number words in " + dir + ": run make assets")
	}
	return dir
}

func load(t testing.TB, code string) *Speller {
	s, err := Load(rules(t), code)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// languages are those of the published sentences that CLDR has number words for.
func languages(t *testing.T) []string {
	paths, _ := filepath.Glob(filepath.Join(filepath.Dir(rules(t)), "sentences", "*.json"))
	var codes []string
	for _, path := range paths {
		code := strings.TrimSuffix(filepath.Base(path), ".json")
		if code == "intents" {
			continue
		}
		_, err := Load(rules(t), code)
		switch {
		case errors.Is(err, ErrNoRules):
			t.Log(err)
		case err != nil:
			t.Error(err)
		default:
			codes = append(codes, code)
		}
	}
	if len(codes) < 40 {
		t.Errorf("only %d languages have number words", len(codes))
	}
	return codes
}

func BenchmarkMatch(b *testing.B) {
	words := English().Words(0, 100, 1, 2)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := words.Match("forty two percent"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkWords(b *testing.B) {
	for b.Loop() {
		English().Words(0, 100, 1, 1)
	}
}
