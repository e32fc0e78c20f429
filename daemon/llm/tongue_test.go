package llm

import (
	"testing"

	"hearth/daemon/conversation"
)

func TestTongue(t *testing.T) {
	for _, test := range []struct {
		home, question, reply string
		complete              bool
		want                  judgement
	}{
		{"en", "is it cold", "It", false, undecided},
		{"en", "is it cold", "It is 7 degrees", false, right},
		{"en", "is it cold", "Es ist draußen 7 Grad warm", false, wrong},
		{"de", "ist es kalt", "It is 7 degrees outside", false, wrong},
		{"de-CH", "ist es kalt", "Es ist 7 Grad", false, right},
		{"fr", "fait-il froid", "Il fait 7 degrés dehors", false, right},
		{"es", "hace frío", "Hace 7 grados y hay sol", false, right},
		{"nl", "is het koud", "Het is buiten 7 graden", false, right},
		{"nl", "is het koud", "It is 7 degrees and you should wear a coat", true, wrong},
		{"nl", "hoe is de avond", "It is a good evening.", true, wrong},
		{"nl", "hoe is de avond", "It is a good evening.", false, undecided},
		{"en", "how is the evening", "Dat is goed.", true, wrong},
		{"nl", "wie zingt dat", "The Beatles.", true, right},
		{"en", "what is that", "Is is so.", true, right},
		// A guest who asks in German may be answered in German.
		{"en", "wie wird es heute und was soll ich anziehen", "Es wird warm und ich weiß es nicht genau", true, right},
		// What shows nothing may be anything.
		{"en", "who sings that", "Queen.", true, right},
		{"en", "who sings that", "Queen", false, undecided},
		{"en", "what is hello in German", `Hello is "guten Tag" in German`, true, right},
		// Other letters.
		{"en", "is it cold", "今天天气很好，祝您愉快", true, wrong},
		{"en", "is it cold", "Сегодня холодно, оденьтесь теплее", false, wrong},
		{"ru", "холодно ли", "Сегодня холодно", true, right},
		{"ru", "холодно ли", "It is cold today", true, wrong},
		{"ja", "寒いですか", "今日は寒いです。", true, right},
		{"zh-CN", "冷吗", "今天很冷", true, right},
		{"ko", "추워?", "오늘은 춥습니다", true, right},
		{"el", "κρύο", "Κάνει κρύο σήμερα", true, right},
		// Languages whose words are not known go by their letters alone.
		{"pl", "czy jest zimno", "Jest zimno", true, right},
		{"pl", "czy jest zimno", "It is cold and you should stay at home", true, right},
		{"", "", "It is cold", true, right},
		{"en", "", "21.5 °C", true, right},
	} {
		if got := newTongue(test.home, test.question).judge(test.reply, test.complete); got != test.want {
			t.Errorf("home %q, asked %q: %q is judged %d, want %d", test.home, test.question, test.reply, got, test.want)
		}
	}
}

// Hearth's own sentences are in their language, as far as they are long enough to tell.
func TestHearthsOwnSentencesAreInTheirLanguage(t *testing.T) {
	others, missed := 0, 0
	for language := range commonWords {
		p, err := conversation.LoadPhrases(language)
		if err != nil {
			t.Fatal(err)
		}
		for fault, sentence := range p.Model {
			for home := range commonWords {
				got := newTongue(home, "").judge(string(sentence), true)
				if home == language && got != right {
					t.Errorf("%s of %s is not in its language: %q", fault, language, sentence)
				}
				if home != language {
					others++
				}
				if home != language && got != wrong {
					missed++
					t.Logf("in a home that speaks %s, %q is judged %d", home, sentence, got)
				}
			}
		}
	}
	if missed > others/20 {
		t.Errorf("%d of %d sentences in another language pass for the home's", missed, others)
	}
}
