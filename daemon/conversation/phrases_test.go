package conversation

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"hearth/daemon/home"
	"hearth/daemon/home/undo"
)

var placeholder = regexp.MustCompile(`\{\w*\}`)

// Every language says the same things with the same placeholders, and understands each answer.
func TestEveryLanguageHasEveryPhrase(t *testing.T) {
	english := texts(t, "en")
	for _, language := range []string{"en", "de", "fr", "es", "nl"} {
		own := texts(t, language)
		if missing, extra := without(english, own), without(own, english); len(missing)+len(extra) > 0 {
			t.Errorf("%s lacks %v and has %v, which English has not", language, missing, extra)
		}
		for key, text := range own {
			got, want := placeholders(text), placeholders(english[key])
			if text == "" || !slices.Equal(got, want) {
				t.Errorf("%s: %s is %q with %v, want %v", language, key, text, got, want)
			}
		}
		p, err := LoadPhrases(language)
		if err != nil || len(p.Yes) == 0 || len(p.No) == 0 || len(p.Wrong) == 0 || len(p.Answers()) < 20 || len(p.Passing) < 50 || len(p.Referring) < 10 {
			t.Errorf("%s: %d answers, %v", language, len(p.Answers()), err)
		}
	}
}

// texts are the phrases by key: "Sent", "Confirm.lock".
func texts(t *testing.T, language string) map[string]string {
	t.Helper()
	p, err := LoadPhrases(language)
	if err != nil || p.Language != language {
		t.Fatalf("phrases of %s: %+v, %v", language, p, err)
	}
	all := map[string]string{}
	fields := reflect.ValueOf(*p)
	for i := range fields.NumField() {
		name, field := fields.Type().Field(i).Name, fields.Field(i)
		switch field.Type() {
		case reflect.TypeFor[Phrase]():
			all[name] = field.String()
		case reflect.TypeFor[map[action]Phrase](), reflect.TypeFor[map[Reason]Phrase](), reflect.TypeFor[map[occasion]Phrase](),
			reflect.TypeFor[map[Decider]Phrase](), reflect.TypeFor[map[string]Phrase](), reflect.TypeFor[map[ModelFault]Phrase]():
			for entries := field.MapRange(); entries.Next(); {
				all[name+"."+entries.Key().String()] = entries.Value().String()
			}
		}
	}
	return all
}

func placeholders(text string) []string {
	return slices.Sorted(slices.Values(placeholder.FindAllString(text, -1)))
}

func without(these, others map[string]string) []string {
	var left []string
	for key := range these {
		if _, ok := others[key]; !ok {
			left = append(left, key)
		}
	}
	return left
}

// Each kind of action has a question, and each reason a sentence or a published response.
func TestEveryActionAndReasonIsTold(t *testing.T) {
	p, err := LoadPhrases("en")
	if err != nil {
		t.Fatal(err)
	}
	for kind := range maps.Values(actions) {
		if p.Confirm[kind] == "" {
			t.Errorf("there is no question for %s", kind)
		}
	}
	if p.Confirm[otherAction] == "" {
		t.Error("there is no question for other actions")
	}
	known := []Reason{Forbidden, TooOften, NotNow, NotHere, NotYou, WrongPIN, LockedOut, NoPerson, Unconfirmed, Jammed, OtherReason}
	for _, why := range []undo.Reason{undo.Same, undo.Final, undo.Unsafe, undo.Unknown, undo.Otherwise} {
		known = append(known, Reason(why))
	}
	for _, r := range reasons {
		if r.reason != NoEntity { // published
			known = append(known, r.reason)
		}
	}
	for _, reason := range known {
		if p.NotDone[reason] == "" {
			t.Errorf("there is nothing to tell of %s", reason)
		}
	}
	for _, fault := range ModelFaults {
		if p.Model[fault] == "" {
			t.Errorf("there is nothing to tell of a language model with %s", fault)
		}
	}
	if len(p.Model) != len(ModelFaults) {
		t.Errorf("%d faults of language models are told, of %d that are known", len(p.Model), len(ModelFaults))
	}
	if len(p.NotDone) != len(known) {
		t.Errorf("%d reasons are told, of %d that are known", len(p.NotDone), len(known))
	}
}

func TestPhrasesOfAnyLanguage(t *testing.T) {
	for language, want := range map[string]string{"nl": "nl", "de-CH": "de", "pl": "en", "zh-TW": "en", "": "en", "../en": "en"} {
		if p, err := LoadPhrases(language); err != nil || p.Language != want {
			t.Errorf("%q: %v, want those of %s", language, err, want)
		}
	}
}

func TestAnswersAreUnderstood(t *testing.T) {
	german, err := LoadPhrases("de")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]answer{
		"Ja, bitte!": yes, "  JA ": yes, "Lass es.": no, "Das war falsch!": wrong, "yes": noAnswer, "jaja": noAnswer, "": noAnswer,
	} {
		if got := german.meaning(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}

func TestAreaNamed(t *testing.T) {
	rooms := home.NewSnapshot(nil, []home.Area{
		{ID: "bath", Name: "Bathroom"}, {ID: "guest", Name: "Guest Bathroom", Aliases: []string{""}}, {ID: "hall", Name: "Entrée"},
	}, nil)
	for text, want := range map[string]string{
		"in the bathroom": "bath", "The guest bathroom, please!": "guest", "dans l'entrée": "hall", "the bath": "", "": "",
	} {
		if got, ok := areaNamed(rooms, text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestBrokenPhrasesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key": "yess: [ja]\n", "two meanings": "yes: [ja]\nno: [Ja!]\n", "nothing to hear": "yes: ['...']\n", "no YAML": "yes: [",
	} {
		if _, err := parsePhrases("de", []byte(text)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	p, err := LoadPhrases("en")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Accept([]string{"tak"}, []string{"nie"}); err != nil || p.meaning("Tak.") != yes || p.meaning("no") != no {
		t.Errorf("tak is %d, no is %d, %v", p.meaning("tak"), p.meaning("no"), err)
	}
	if err := p.Accept([]string{"no"}, nil); err == nil {
		t.Error("no was accepted for yes")
	}
}
