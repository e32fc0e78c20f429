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
		20.5:  {"twenty point five", "twenty and a half"},
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
		{"de", 0.5, "null Komma fünf"},
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
		{"pt", 16, "dezesseis"},

		// What CLDR lacks: languages,
		{"eu", 99, "laurogeita hemeretzi"},
		{"eu", 50, "berrogeita hamar"},
		{"bn", 44, "চুয়াল্লিশ"},
		{"bn", 0.5, "শূন্য দশমিক পাঁচ"},
		{"ur", 29, "انتیس"},
		{"ur", 78, "اٹھتر"},
		{"ml", 21, "ഇരുപത്തി ഒന്ന്"},
		{"ml", 21, "ഇരുപത്തിയൊന്ന്"},
		{"gl", 22, "vinte e dúas"},
		{"gl", 101, "cento un"},

		// words that are said otherwise,
		{"ar", 2, "اثنين"},
		{"ar", 25, "خمسة وعشرين"},
		{"ar", 15, "خمس عشرة"},
		{"bg", 69, "шестдесет и девет"},
		{"cs", 25, "pětadvacet"},
		{"cs", 21, "jednadvacet"},
		{"cs", 21, "jedenadvacet"},
		{"cs", 2000, "dva tisíce"},
		{"cy", 20, "ugain"},
		{"de", 100, "hundert"},
		{"de", 25, "fünf und zwanzig"},
		{"de", 30, "dreissig"},
		{"el", 9, "εννιά"},
		{"es", 35, "treintaicinco"},
		{"fr", 71, "septante et un"},
		{"fr", 99, "nonante neuf"},
		{"ga", 2, "dó"},
		{"hr", 21, "dvadeset jedan"},
		{"hu", 22, "huszonkét"},
		{"ja", 0, "ゼロ"},
		{"ko", 2, "두"},
		{"lt", 2.5, "du kablelis penki"},
		{"nb", 27, "tyvesyv"},
		{"nl", 22, "tweeentwintig"},
		{"ro", 16, "șaisprezece"},
		{"ro", 100, "o sută"},
		{"sk", 1000, "tisíc"},
		{"sl", 25, "petindvajset"},
		{"sr", 3000, "три хиљаде"},
		{"sv", 100, "hundra"},
		{"sv", 25, "tjugo fem"},
		{"th", 21, "ยี่สิบเอ็ด"},
		{"th", 21, "ยี่ สิบ เอ็ด"},
		{"tr", 25, "yirmibeş"},
		{"uk", 5, "п'ять"},
		{"vi", 24, "hai mươi tư"},
		{"zh-CN", 2, "两"},
		{"zh-TW", 2, "兩"},
		{"zh-CN", 3, "叁"},

		// and halves.
		{"en", 2.5, "two and a half"},
		{"de", 1.5, "anderthalb"},
		{"de", 1.5, "eineinhalb"},
		{"de", 21.5, "einundzwanzigeinhalb"},
		{"fr", 2.5, "deux et demie"},
		{"es", 20.5, "veinte y medio"},
		{"nl", 1.5, "anderhalf"},
		{"nl", 20.5, "twintig en een halve"},
		{"it", 20.5, "venti e mezzo"},
		{"pl", 1.5, "półtora"},
		{"tr", 20.5, "yirmi buçuk"},
		{"hi", 20.5, "साढ़े बीस"},
		{"hi", 1.5, "डेढ़"},
		{"ur", 2.5, "ڈھائی"},
	} {
		if got := load(t, c.language).Spellings(c.n); !slices.Contains(got, c.want) {
			t.Errorf("%s %v: %q is not in %q", c.language, c.n, c.want, got)
		}
	}
}

func TestMixed(t *testing.T) {
	for _, c := range []struct {
		language string
		n        float64
		want     []string
	}{
		{"en", 20.5, []string{"20 and a half"}},
		{"fr", 20.5, []string{"20 et demi", "20 et demie"}},
		{"es", 20.5, []string{"20 y medio", "20 y media"}},
		{"nl", 20.5, []string{"20 en een half", "20 en een halve"}},
		{"en", 20, nil},
		{"en", 20.25, nil},
		{"ka", 20.5, nil},
	} {
		if got := load(t, c.language).Mixed(c.n); !slices.Equal(got, c.want) {
			t.Errorf("%s %v: %q, want %q", c.language, c.n, got, c.want)
		}
	}
}

func TestOwnRulesAreWellFormed(t *testing.T) {
	files, err := spokenFiles.ReadDir("spoken")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, err := readSpoken(strings.TrimSuffix(f.Name(), ".txt")); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"1: one;", "%a:\none;", "~ one", "%a:\n-x: minus;two;"} {
		if _, err := parseSpoken(bad); !errors.Is(err, errSyntax) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestNoNumberIsMistaken holds for every language: what is spelled is spelled of one number alone. Above a thousand
// every hundredth number stands for its neighbours, which are put together alike.
func TestNoNumberIsMistaken(t *testing.T) {
	for _, code := range languages(t) {
		s := load(t, code)
		of := map[string]float64{}
		note := func(n float64, spellings []string) {
			for _, text := range spellings {
				if other, ok := of[text]; ok && other != n {
					t.Errorf("%s: %q is %v and %v", code, text, other, n)
				}
				of[text] = n
			}
		}
		for n := -100; n <= 1100; n++ {
			spellings := s.Spellings(float64(n))
			if len(spellings) == 0 && 0 <= n && n <= 100 {
				t.Errorf("%s: no words for %d", code, n)
			}
			note(float64(n), spellings)
		}
		for n := 1200; n <= 10000; n += 100 {
			note(float64(n), s.Spellings(float64(n)))
		}
		for tenths := range 1001 {
			n := float64(tenths) / 10
			note(n, s.Spellings(n))
			note(n, s.Mixed(n))
		}
	}
}

func TestNoRules(t *testing.T) {
	for _, code := range []string{"ka", "de", "cs", "ko"} {
		if _, err := Load(t.TempDir(), code); !errors.Is(err, ErrNoRules) {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{"en-US", "eu", "gl", "bn", "ml", "ur"} {
		if _, err := Load(t.TempDir(), code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, raw := range []string{``, `{}`, `[]`, `{"rbnf":{"rbnf":{"SpelloutRules":{"%spellout-cardinal":[["0","→%none→;"]]}}}}`,
		`{"rbnf":{"rbnf":{"SpelloutRules":{"%spellout-cardinal":[["0","$(cardinal,one{x)$;"]]}}}}`,
		`{"rbnf":{"rbnf":{"SpelloutRules":{"%spellout-cardinal":[["x","a;"]]}}}}`} {
		if _, err := New([]byte(raw), "ka"); err == nil {
			t.Errorf("%s: accepted", raw)
		}
	}
}

func TestRulesInCirclesEnd(t *testing.T) {
	s, err := New([]byte(`{"rbnf":{"rbnf":{"SpelloutRules":{
		"%spellout-cardinal":[["-x","→→;"],["0","=%%a=;"]],"%%a":[["0","x=%spellout-cardinal==%spellout-cardinal=;"]]}}}}`), "ka")
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
	s, err := New([]byte(`{"rbnf":{"rbnf":{"SpelloutRules":{"%spellout-cardinal":[["0","=%%0=;"]],"%%60":[["0","x;"]]`+sets.String()+`}}}}`), "ka")
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
		}, spoken{}, "pl")
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

func BenchmarkSpellings(b *testing.B) {
	english, err := Own("en")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for n := range 101 {
			english.Spellings(float64(n))
		}
	}
}

// TestARuleForMoreThanAnIntegerHolds has a base that no int holds, as those for a trillion are on a machine of 32 bits.
func TestARuleForMoreThanAnIntegerHolds(t *testing.T) {
	s, err := New([]byte(`{"rbnf":{"rbnf":{"SpelloutRules":{"%spellout-cardinal":[["0","zero;"],["1","one;"],["99999999999999999999","many;"]]}}}}`), "ka")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Spellings(1); !slices.Equal(got, []string{"one"}) {
		t.Errorf("%q", got)
	}
}
