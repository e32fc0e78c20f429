package daemon

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"hearth/audio"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// An oracle is a language model that gives the same answer to every question, and keeps the last one.
type oracle struct {
	asked  conversation.ModelQuestion
	answer conversation.ModelAnswer
}

func (o *oracle) Ask(_ context.Context, q conversation.ModelQuestion, say func(string)) (conversation.ModelAnswer, error) {
	o.asked = q
	if o.answer.Reply != "" && len(o.answer.Calls) == 0 && say != nil {
		say(o.answer.Reply)
	}
	return o.answer, nil
}

// A hearing is a recogniser that hears what the test says.
type hearing conversation.Heard

func (h hearing) Transcribe(context.Context, audio.Clip) (conversation.Heard, error) {
	return conversation.Heard(h), nil
}

func annaSays(t *testing.T, d *Daemon, text string) *conversation.Turn {
	t.Helper()
	turn, err := d.Conversation.Through("test").As("Anna").Say(t.Context(), "kitchen", text)
	if err != nil {
		t.Fatal(err)
	}
	return turn
}

func TestAModelIsToldTheFewFactsThatMatter(t *testing.T) {
	d := rememberingDaemon(t, "en")
	model := &oracle{answer: conversation.ModelAnswer{Model: "m", Reply: "On Thursday."}}
	d.Conversation.Model = model
	for _, fact := range []string{"the bins go out on Thursday", "the green bins go out on Monday", "the cat is called Milo", "Anna's sister is Eva"} {
		annaSays(t, d, "remember that "+fact)
	}
	d.Conversation.Through("test").Say(t.Context(), "kitchen", "remember that the bins are behind the shed")
	d.Conversation.Through("test").As("Ben").Say(t.Context(), "kitchen", "remember that the bins are stupid")
	turn := annaSays(t, d, "when do the green bins go out then")
	want := "Anna: the green bins go out on Monday|Anna: the bins go out on Thursday|the bins are behind the shed"
	if got := strings.Join(model.asked.Facts, "|"); got != want || turn.Reply != "On Thursday." {
		t.Errorf("told were %q, want %q", got, want)
	}
	annaSays(t, d, "sing me something nice")
	if len(model.asked.Facts) != 0 || model.asked.MayRemember {
		t.Errorf("told were %q for a song, and it may be remembered: %v", model.asked.Facts, model.asked.MayRemember)
	}
	if annaSays(t, d, "do keep in mind how little I care for onions"); !model.asked.MayRemember {
		t.Error("nothing can be remembered")
	}
	turns, err := past{d.history, d.store}.Find(t.Context(), conversation.TurnQuery{Limit: 3})
	if err != nil || len(turns) != 3 || turns[2].Reply != "[memory]" || turns[2].Heard.Text != "when do the green bins go out then" || turns[1].Reply != "[memory]" {
		t.Errorf("the history has %+v, %v", turns, err)
	}
	for i := range 10 {
		annaSays(t, d, "remember that "+strings.Repeat("bins ", 30)+strings.Repeat("x", i))
	}
	annaSays(t, d, "when do the bins go out then")
	if n := len(strings.Join(model.asked.Facts, "")); n > 400 || n == 0 {
		t.Errorf("the facts are %d long", n)
	}
}

// What a model was told it may say in later turns, and write into calls, of which a yes may make a turn of its own.
func TestWhatAModelWasToldIsWrittenNowhere(t *testing.T) {
	d := rememberingDaemon(t, "en")
	annaSays(t, d, "remember that the tea is called Lapsang")
	model := &oracle{answer: conversation.ModelAnswer{Model: "m", Reply: "It is called Lapsang."}}
	d.Conversation.Model = model
	annaSays(t, d, "what kind of tea was it again")
	annaSays(t, d, "please repeat what you said")
	model.answer = conversation.ModelAnswer{Model: "m", Outside: true, Calls: []home.Call{{
		Domain: "timer", Service: "start", Data: map[string]any{"kind": "timer", "seconds": 600, "name": "Lapsang"}}}}
	if turn := annaSays(t, d, "we need more of that tea"); turn.Asks != conversation.AsksConfirmation || !strings.Contains(turn.Reply, "(Lapsang)") {
		t.Errorf("asked %q", turn.Reply)
	}
	if turn := annaSays(t, d, "yes"); turn.Failure != "" || turn.Steps[0].Data["name"] != "Lapsang" {
		t.Errorf("after a yes: %+v", turn)
	}
	turns, err := past{d.history, d.store}.Find(t.Context(), conversation.TurnQuery{Limit: 10})
	if written, _ := json.Marshal(turns); err != nil || len(turns) != 5 || strings.Contains(string(written), "Lapsang") {
		t.Errorf("the history has %s, %v", written, err)
	}
}

// A factReader is a language model that looks up what is remembered, and tells all of it.
type factReader struct{ conversation.ModelAnswer }

func (r factReader) Ask(ctx context.Context, q conversation.ModelQuestion, _ func(string)) (conversation.ModelAnswer, error) {
	facts, err := q.Recall(ctx)
	r.Reply = strings.Join(facts, "|")
	return r.ModelAnswer, err
}

// What a model looks up of what is remembered is as private as what it is told of it.
func TestAModelRecallsWhatTheSpeakerMayHear(t *testing.T) {
	d := rememberingDaemon(t, "en")
	annaSays(t, d, "remember that the cat is called Milo")
	if _, err := d.Conversation.Through("test").As("Ben").Say(t.Context(), "kitchen", "remember that my present is in the shed"); err != nil {
		t.Fatal(err)
	}
	d.Conversation.Model = factReader{conversation.ModelAnswer{
		Model: "m", Lookups: []conversation.Lookup{{Tool: "memory", Outcome: conversation.LookedUp}},
	}}
	if turn := annaSays(t, d, "sing me something nice"); turn.Reply != "Anna: the cat is called Milo" {
		t.Errorf("she hears %q", turn.Reply)
	}
	turns, err := past{d.history, d.store}.Find(t.Context(), conversation.TurnQuery{Limit: 1})
	if err != nil || len(turns) != 1 || turns[0].Reply != "[memory]" {
		t.Errorf("the history has %+v, %v", turns, err)
	}
}

// What a model would like to be remembered is asked about, and no secret is.
func TestAModelsIdeaIsAskedAbout(t *testing.T) {
	d := rememberingDaemon(t, "en")
	idea := func(text string, more ...home.Call) *oracle {
		calls := append([]home.Call{{Domain: "memory", Service: "remember", Data: map[string]any{"text": text}}}, more...)
		return &oracle{answer: conversation.ModelAnswer{Model: "m", Reply: "That is a pity.", Calls: calls}}
	}
	facts := func() int {
		t.Helper()
		all, err := d.store.Facts(t.Context(), "Anna")
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	d.Conversation.Model = idea("Anna is allergic to nuts")
	turn := annaSays(t, d, "nuts make me ill you know")
	if turn.Reply != "That is a pity. Shall I remember this: “Anna is allergic to nuts”? Say yes or no." || turn.Asks != conversation.AsksConsent || facts() != 0 {
		t.Errorf("%q, and %d facts", turn.Reply, facts())
	}
	if turn := annaSays(t, d, "no"); turn.Reply != "All right, I leave it." || facts() != 0 {
		t.Errorf("%q, and %d facts", turn.Reply, facts())
	}
	annaSays(t, d, "nuts make me ill you know")
	if turn := annaSays(t, d, "yes"); turn.DecidedBy != conversation.ByModel || facts() != 1 {
		t.Errorf("%q by %s, and %d facts", turn.Reply, turn.DecidedBy, facts())
	}
	d.Conversation.Model = idea("the PIN is 4711")
	if turn := annaSays(t, d, "my number is a secret"); turn.Asks != "" || len(turn.Steps) > 0 {
		t.Errorf("it would remember a PIN: %q", turn.Reply)
	}
	d.Conversation.Model = idea("she likes light", home.Call{Domain: "light", Service: "turn_on", Entity: "light.kitchen"})
	if turn := annaSays(t, d, "i do so love a light"); turn.Asks != "" || callsOf(turn) != "light.turn_on light.kitchen" || facts() != 1 {
		t.Errorf("%q: %s", turn.Reply, callsOf(turn))
	}
}

// What was not heard for certain is asked about before it is kept.
func TestWhatIsHeardIsAskedAbout(t *testing.T) {
	d := rememberingDaemon(t, "en")
	hear := func(text string, verdict conversation.Verdict) *conversation.Turn {
		t.Helper()
		d.Conversation.Recogniser = hearing{Text: text, Free: text, Recogniser: "test", Verdict: verdict}
		turn, err := d.Conversation.Through("microphone").In("kitchen").Hear(t.Context(), "", audio.Clip{Format: audio.Speech})
		if err != nil {
			t.Fatal(err)
		}
		return turn
	}
	for _, x := range []struct {
		text    string
		verdict conversation.Verdict
		reply   string
	}{
		{"remember that the bins go out on thursday", conversation.Open, "Shall I remember this: “the bins go out on thursday”? Say yes or no."},
		{"yes", conversation.Ask, "Sorry, I did not catch that."},
		{"yes", conversation.Act, "I will remember for this home: “the bins go out on thursday”."},
		{"forget that the bins go out on thursday", conversation.Open, "Shall I forget this: “the bins go out on thursday”? Say yes or no."},
		{"yes", conversation.Act, "I have forgotten: “the bins go out on thursday”."},
	} {
		if turn := hear(x.text, x.verdict); turn.Reply != x.reply {
			t.Errorf("%q: %q, want %q", x.text, turn.Reply, x.reply)
		}
	}
}

// A spoken voice is a moment of silence.
type voiceOf struct{}

func (voiceOf) Speak(context.Context, string) (audio.Clip, error) {
	return audio.Clip{Format: audio.Speech, Samples: make([]int16, 160)}, nil
}

func TestWhatIsRememberedIsSpokenAndNotKeptAsSound(t *testing.T) {
	d := rememberingDaemon(t, "en")
	kept := 0
	d.Conversation.Voice = voiceOf{}
	d.Conversation.KeepReply = func(string, audio.Clip) (string, error) { kept++; return "kept.wav", nil }
	for _, said := range []string{"remember that the zebra sleeps", "what do you know about me"} {
		if turn := annaSays(t, d, said); kept != 0 || turn.ReplyAudio != "" || len(turn.Voice.Samples) == 0 {
			t.Errorf("%q: %d replies are kept, and %d samples spoken", said, kept, len(turn.Voice.Samples))
		}
	}
	if turn := annaSays(t, d, "what time is it"); kept != 1 || turn.ReplyAudio != "kept.wav" {
		t.Errorf("%d replies are kept", kept)
	}
}

func TestLongConversationsAreSummarised(t *testing.T) {
	d := rememberingDaemon(t, "en")
	model := &oracle{answer: conversation.ModelAnswer{Model: "m", Reply: strings.Repeat("I wonder why. ", 60)}}
	d.Conversation.Model = model
	annaSays(t, d, "turn on the ceiling light")
	annaSays(t, d, "unlock the front door")
	annaSays(t, d, "remember that the zebra sleeps")
	long := "why is the sky blue " + strings.Repeat("and high ", 60)
	for range 5 {
		annaSays(t, d, long)
	}
	if q := model.asked; len(q.Earlier) != 6 || q.Summary != "" {
		t.Fatalf("%d earlier turns, and %q", len(q.Earlier), q.Summary)
	}
	annaSays(t, d, "why then")
	annaSays(t, d, "why not")
	want := "Anna: turn on the ceiling light — Ceiling Light confirmed\nAnna: unlock the front door — Front Door refused"
	if q := model.asked; len(q.Earlier) != 6 || q.Summary != want {
		t.Errorf("%d earlier turns, and %q", len(q.Earlier), q.Summary)
	}
	for range 50 {
		annaSays(t, d, long)
	}
	q := model.asked
	if lines := strings.Split(q.Summary, "\n"); len(lines) != 8 || len(q.Summary) > 8*130 || strings.Contains(q.Summary, "ceiling") {
		t.Errorf("a summary of %d lines and %d bytes: %q", len(lines), len(q.Summary), q.Summary)
	}
	for _, x := range q.Earlier {
		if len(x.Said) > 210 || len(x.Reply) > 310 {
			t.Errorf("kept word for word are %d and %d bytes", len(x.Said), len(x.Reply))
		}
	}
}

func TestForgetThatTakesTheSentenceOutOfTheConversation(t *testing.T) {
	d := rememberingDaemon(t, "en")
	model := &oracle{answer: conversation.ModelAnswer{Model: "m", Reply: "Well."}}
	d.Conversation.Model = model
	annaSays(t, d, "turn on the ceiling light")
	if turn := annaSays(t, d, "turn on the ceiling light"); turn.DecidedBy != conversation.ByPlan {
		t.Fatalf("decided by %s", turn.DecidedBy)
	}
	annaSays(t, d, "forget that")
	if turn := annaSays(t, d, "turn it off"); len(turn.Steps) > 0 {
		t.Errorf("it is still known what was spoken of: %s", callsOf(turn))
	}
	if n := len(model.asked.Earlier); n != 1 {
		t.Errorf("%d earlier turns, want the first alone", n)
	}
	if turn := annaSays(t, d, "turn on the ceiling light"); turn.DecidedBy != conversation.ByGrammar {
		t.Errorf("the plan is still known: decided by %s", turn.DecidedBy)
	}
}
