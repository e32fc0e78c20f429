package intent

import (
	"cmp"
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                         {},
		"Allume l'Éclairage !":     {"allume", "l", "eclairage"},
		"Straßen-Lampe 2.Stock":    {"strassen", "lampe", "2", "stock"},
		"\tKüche\u00a0\u202eλάμπα": {"kuche", "λαμπα"},
	} {
		if got := Words(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWordsSpeakOfTheirKindOfDevice(t *testing.T) {
	for language, words := range map[string]map[string]Hint{
		"en": {"lamps": {Domain: "light"}, "garage": {Domain: "cover", Class: "garage"}, "playlist": {Domain: "media_player"}, "degrees": {Domain: "climate"}},
		"de": {"beleuchtung": {Domain: "light"}, "rolladen": {Domain: "cover", Class: "shutter"}, "ventilator": {Domain: "fan"}, "rasenroboter": {Domain: "lawn_mower"}},
		"fr": {"lumiere": {Domain: "light"}, "ventilateur": {Domain: "fan"}, "meteo": {Domain: "weather"}},
		"es": {"luces": {Domain: "light"}, "volumen": {Domain: "media_player"}, "aspirador": {Domain: "vacuum"}},
		"nl": {"verlichting": {Domain: "light"}, "gordijnen": {Domain: "cover", Class: "curtain"}, "grasmaaier": {Domain: "lawn_mower"}},
	} {
		v := publishedLanguage(t, language).Vocabulary()
		for word, want := range words {
			hints := v.Hints(word)
			if len(hints) == 0 {
				t.Errorf("%s: %s says nothing", language, word)
				continue
			}
			best := slices.MaxFunc(hints, func(a, b Hint) int { return cmp.Compare(a.Weight, b.Weight) })
			if best.Domain != want.Domain || want.Class != "" && !slices.ContainsFunc(hints, func(h Hint) bool { return h.Class == want.Class }) {
				t.Errorf("%s: %s says %+v, want %+v", language, word, hints, want)
			}
		}
		for _, word := range []string{"zzz", "", "the"} {
			if hints := v.Hints(word); len(hints) > 0 {
				t.Errorf("%s: %q says %+v", language, word, hints)
			}
		}
	}
}

func TestAWordOfManyKindsSaysLittleOfEach(t *testing.T) {
	hints := publishedLanguage(t, "en").Vocabulary().Hints("percent")
	if len(hints) < 2 {
		t.Errorf("percent says %+v: lights have it, and covers, and players", hints)
	}
	for _, h := range hints {
		if h.Weight > 0.5 {
			t.Errorf("percent says %+v", h)
		}
	}
}

func TestWordsThatSayNothingAreCommon(t *testing.T) {
	source, err := decodeLanguage([]byte(`{"language": "en", "intents": {
		"A": {"data": [{"sentences": ["please turn the <lamp>[s] on"], "slots": {"domain": "light"}}]},
		"B": {"data": [{"sentences": ["please open the {classes:device_class}"], "slots": {"domain": "cover"}}, {"sentences": ["open {name}"]}]},
		"C": {"data": [{"sentences": ["please (tell|say) the time"]}]}},
		"lists": {"classes": {"values": [{"in": "(blind[s]|rouleau)", "out": "blind"}]}},
		"expansion_rules": {"lamp": "(lamp|<light>)", "light": "light"}}`))
	if err != nil {
		t.Fatal(err)
	}
	l, err := compileLanguage(source)
	if err != nil {
		t.Fatal(err)
	}
	v := l.Vocabulary()
	if !v.Common("please") || !v.Common("the") || v.Common("lamp") || v.Common("open") {
		t.Error("what stands in sentences about everything is common, and nothing else")
	}
	for word, want := range map[string][]Hint{
		"lamp": {{"light", "", 1}}, "lamps": {{"light", "", 1}}, "blinds": {{"cover", "blind", 1}}, "rouleau": {{"cover", "blind", 1}},
		"open": {{"cover", "", 1}}, "please": nil, "time": nil, "say": nil,
	} {
		if got := v.Hints(word); !slices.Equal(got, want) {
			t.Errorf("%s says %+v, want %+v", word, got, want)
		}
	}
}
