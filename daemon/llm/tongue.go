package llm

import (
	"errors"
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// errTongue is told to the model, which was asked for the language of the question.
var errTongue = errors.New("the reply is in another language than the question")

// A tongue tells from the beginning of a reply whether it is in the language of the home, or of the
// question. It goes by the letters, and for languages that it knows words of, by those.
type tongue struct {
	scripts   []*unicode.RangeTable // nil: not known
	languages map[string]bool       // whose words are right; empty: words are not looked at
}

// A judgement is what a tongue says of a text.
type judgement int

const (
	undecided judgement = iota
	right
	wrong
)

const (
	enoughLetters = 6  // to know an alphabet
	enoughWords   = 12 // after which a text that shows nothing of a language may be in any
	wrongWords    = 2  // by which another language is ahead: one may be a name
)

// newTongue expects the home's language ("de-CH") or the question's.
func newTongue(home, question string) tongue {
	t := tongue{scripts: scriptsOf(home), languages: map[string]bool{}}
	base, _, _ := strings.Cut(home, "-")
	if commonWords[base] == nil {
		return t
	}
	t.languages[base] = true
	for other, found := range wordsOf(question) {
		if found.own >= wrongWords {
			t.languages[other] = true
		}
	}
	return t
}

// judge looks at the beginning of a reply, or at all of it.
func (t tongue) judge(text string, complete bool) judgement {
	if letters := t.judgeLetters(text, complete); letters != right {
		return letters
	}
	if len(t.languages) == 0 {
		return right
	}
	if end := strings.LastIndexFunc(text, unicode.IsSpace); !complete {
		text = text[:max(end, 0)] // the last word may go on
	}
	var expected, strange share
	for language, found := range wordsOf(text) {
		if t.languages[language] {
			expected = expected.most(found)
		} else {
			strange = strange.most(found)
		}
	}
	whole := complete || len(strings.Fields(text)) >= enoughWords
	// "It is so." has two of its three words of Dutch, but none that is Dutch alone.
	shared := whole && expected.own == 0 && strange.own > 0 && strange.all >= wrongWords && strange.all > expected.all
	switch {
	case shared, strange.all >= expected.all+wrongWords:
		return wrong
	case expected.own > 0 && expected.all >= strange.all, whole:
		return right
	}
	return undecided
}

func (t tongue) judgeLetters(text string, complete bool) judgement {
	if t.scripts == nil {
		return right
	}
	own, strange := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsOneOf(t.scripts, r):
			own++
		case unicode.IsLetter(r):
			strange++
		}
	}
	switch {
	case own+strange < enoughLetters && !complete:
		return undecided
	case strange > own:
		return wrong
	}
	return right
}

// A share is how many different words of a text a language has.
type share struct {
	all int
	own int // that no other language here has
}

// most is the larger of two shares, of each kind.
func (s share) most(other share) share { return share{max(s.all, other.all), max(s.own, other.own)} }

func wordsOf(text string) map[string]share {
	seen, found := map[string]bool{}, map[string]share{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if seen[word] {
			continue
		}
		seen[word] = true
		var who []string
		for language, words := range commonWords {
			if words[word] {
				who = append(who, language)
			}
		}
		for _, language := range who {
			s := found[language]
			s.all++
			if len(who) == 1 {
				s.own++
			}
			found[language] = s
		}
	}
	return found
}

// commonWords are the words by language that most sentences have some of.
var commonWords = func() map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	for language, list := range map[string]string{
		"en": `the it its it's this that these those there here is are was were be been have has i i'm you he she we they my your what which who when
			where why how do does did can could will would should must not isn't don't and or but if because of to in on from with without for at by about
			into than then now very some any no yes right sorry turned please again so too long nothing done time me him her us them am`,
		"de": `der die das dem den des ein eine einen einem einer es ist sind war waren sein bin bist hat habe haben ich du er sie wir ihr mein dein
			was welche wer wann wo warum wie kann könnte wird werden würde soll muss nicht kein keine und oder aber wenn weil in von zu aus mit ohne für
			bei auf über nach im am vom zum zur als dann jetzt sehr auch noch schon hier dort leider ja nein so bitte mir mich dir dich man mal im`,
		"fr": `le la les un une des du au aux il elle c'est ce cet cette ces est sont était être suis êtes a ont je tu nous vous ils mon ma votre ton
			quel quelle qui quand où pourquoi comment peut peux pourrait sera doit ne pas et ou mais si parce de à dans avec sans pour par sur chez
			que alors maintenant très aussi encore ici oui non désolé voici donc en se sa son lui leur y été fait rien aucun aucune`,
		"es": `el la los las un una unos unas lo es son era está están ser soy eres ha han hay yo tú él ella nosotros ellos mi tu su qué cuál quién
			cuándo dónde cómo puede puedo podría será debe no y o pero si porque de del al a en con sin para por sobre que entonces ahora muy también
			todavía aquí sí siento esto este esta he has me te se les nada todo ya hoy así mucho`,
		"nl": `de het een der den dat die deze is zijn was waren ben bent heeft heb hebben ik jij je hij zij wij we mijn jouw uw wat welke wie wanneer
			waar waarom hoe kan kun zou wordt worden zal moet niet geen en of maar als omdat van naar uit met zonder voor bij op over in aan te dan
			nu heel ook nog al hier daar ja nee helaas er niets dus mij jou hem haar ons zo om tot die moeten worden werd`,
	} {
		sets[language] = map[string]bool{}
		for _, word := range strings.Fields(list) {
			if len([]rune(word)) > 1 {
				sets[language][word] = true
			}
		}
	}
	return sets
}()

// scriptsOf are the letters that a language is written with, nil when they are not known.
func scriptsOf(tag string) []*unicode.RangeTable {
	parsed, err := language.Parse(tag)
	if err != nil {
		return nil
	}
	script, _ := parsed.Script()
	return scripts[script.String()]
}

// scripts by their names in ISO 15924, those of the languages that sentence templates are published in.
var scripts = map[string][]*unicode.RangeTable{
	"Latn": {unicode.Latin}, "Cyrl": {unicode.Cyrillic}, "Grek": {unicode.Greek}, "Arab": {unicode.Arabic}, "Hebr": {unicode.Hebrew},
	"Hans": {unicode.Han}, "Hant": {unicode.Han}, "Jpan": {unicode.Han, unicode.Hiragana, unicode.Katakana}, "Kore": {unicode.Hangul, unicode.Han},
	"Deva": {unicode.Devanagari}, "Beng": {unicode.Bengali}, "Taml": {unicode.Tamil}, "Telu": {unicode.Telugu}, "Mlym": {unicode.Malayalam},
	"Knda": {unicode.Kannada}, "Gujr": {unicode.Gujarati}, "Thai": {unicode.Thai}, "Geor": {unicode.Georgian}, "Armn": {unicode.Armenian},
	"Sinh": {unicode.Sinhala}, "Khmr": {unicode.Khmer}, "Laoo": {unicode.Lao}, "Mymr": {unicode.Myanmar}, "Ethi": {unicode.Ethiopic},
}
