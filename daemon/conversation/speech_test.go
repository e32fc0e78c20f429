package conversation_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hearth/audio"
	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// A reader is a voice whose samples are the letters of the text, so that a test can read what is heard.
type reader struct {
	takes time.Duration // for each sentence
	fails string        // on this sentence
}

func (r reader) Speak(ctx context.Context, text string) (audio.Clip, error) {
	select {
	case <-time.After(r.takes):
	case <-ctx.Done():
		return audio.Clip{}, context.Cause(ctx)
	}
	if r.fails != "" && strings.Contains(text, r.fails) {
		return audio.Clip{}, errors.New("the voice is hoarse")
	}
	clip := audio.Clip{Format: audio.Speech}
	for _, letter := range text {
		clip.Samples = append(clip.Samples, int16(letter))
	}
	return clip, nil
}

func read(clip audio.Clip) string {
	var text strings.Builder
	for _, letter := range clip.Samples {
		text.WriteRune(rune(letter))
	}
	return text.String()
}

// A writer is a model that writes word by word, when the test lets it.
type writer struct {
	words chan string // closed at the end
	err   error       // then
	calls []home.Call // of the answer
}

func (w writer) Ask(ctx context.Context, _ conversation.ModelQuestion, say func(string)) (conversation.ModelAnswer, error) {
	var reply strings.Builder
	for {
		select {
		case <-ctx.Done():
			return conversation.ModelAnswer{}, context.Cause(ctx)
		case word, more := <-w.words:
			if !more {
				return conversation.ModelAnswer{Model: "scripted", Reply: reply.String(), Calls: w.calls}, w.err
			}
			reply.WriteString(word)
			say(word)
		}
	}
}

// A talk is a turn under way whose model writes what the test says.
type talk struct {
	r     *rig
	words chan string
	heard chan string // each sentence, when it begins to be heard
	turn  chan *conversation.Turn
	kept  string // the reply that was kept
}

func (r *rig) talk(ctx context.Context, voice reader, failing error) *talk {
	k := &talk{r: r, words: make(chan string), heard: make(chan string, 100), turn: make(chan *conversation.Turn, 1)}
	r.whole.Model, r.whole.Voice = writer{words: k.words, err: failing}, voice
	r.whole.KeepReply = func(_ string, clip audio.Clip) (string, error) {
		k.kept = read(clip)
		return "reply.wav", nil
	}
	aloud := r.Aloud(func(failure conversation.Failure, clip audio.Clip) { k.heard <- read(clip) })
	go func() {
		turn, _ := aloud.Say(ctx, "", "why is the sky blue")
		k.turn <- turn
	}()
	return k
}

// write has the model write, and returns all that is heard then.
func (k *talk) write(words ...string) []string {
	for _, word := range words {
		k.words <- word
	}
	return k.listen()
}

func (k *talk) listen() []string {
	synctest.Wait()
	var all []string
	for {
		select {
		case s := <-k.heard:
			all = append(all, s)
		default:
			return all
		}
	}
}

func (k *talk) expect(got []string, want ...string) {
	k.r.t.Helper()
	if !slices.Equal(got, want) {
		k.r.t.Errorf("heard %q, want %q", got, want)
	}
}

func TestASentenceIsHeardBeforeTheNextIsWritten(t *testing.T) {
	inHome(t, func(r *rig) {
		k := r.talk(r.t.Context(), reader{}, nil)
		k.expect(k.write("It is 21.5 degrees."), "It is 21.5 degrees.")
		k.expect(k.write(" Dr. Who likes that! And", " so"), "Dr. Who likes that!")
		close(k.words)
		turn := <-k.turn
		k.expect(k.listen(), "And so")
		if want := "It is 21.5 degrees.Dr. Who likes that!And so"; read(turn.Voice) != want || k.kept != want || turn.ReplyAudio != "reply.wav" {
			t.Errorf("the whole is %q, kept %q in %q", read(turn.Voice), k.kept, turn.ReplyAudio)
		}
		if turn.Reply != "It is 21.5 degrees. Dr. Who likes that! And so" || turn.Failure != "" {
			t.Errorf("reply %q, failure %q", turn.Reply, turn.Failure)
		}
	})
}

// A voice that is slower than the model keeps the order, and the turn waits for it.
func TestSentencesAreHeardInOrder(t *testing.T) {
	inHome(t, func(r *rig) {
		k := r.talk(r.t.Context(), reader{takes: time.Second}, nil)
		k.expect(k.write("One. Two. Three. Four."))
		close(k.words)
		<-k.turn
		k.expect(k.listen(), "One.", "Two.", "Three.", "Four.")
	})
}

// Whoever speaks in between hears no more of it: neither what is written, nor what is being spoken.
func TestNothingIsHeardAfterTheTurnIsCutOff(t *testing.T) {
	inHome(t, func(r *rig) {
		ctx, cut := context.WithCancelCause(r.t.Context())
		k := r.talk(ctx, reader{takes: time.Second}, nil)
		k.expect(k.write("One. Two. Three."))
		time.Sleep(1500 * time.Millisecond)
		k.expect(k.listen(), "One.")
		cut(errors.New("barge-in"))
		turn := <-k.turn
		k.expect(k.listen())
		if k.kept != "" || turn.ReplyAudio != "" {
			t.Errorf("a part was kept: %q", k.kept)
		}
	})
}

// Of a model that breaks off, the sentences are heard that were whole, and then why there are no more.
func TestABrokenReplyIsHeardWithoutItsHalfSentence(t *testing.T) {
	inHome(t, func(r *rig) {
		k := r.talk(r.t.Context(), reader{}, errors.New("the connection broke"))
		k.expect(k.write("It scatters. The bl"), "It scatters.")
		close(k.words)
		turn := <-k.turn
		closing, ok := strings.CutPrefix(turn.Reply, "It scatters. The bl ")
		if !ok {
			t.Errorf("the reply is %q", turn.Reply)
		}
		k.expect(k.listen(), closing)
		if want := "It scatters." + closing; k.kept != want || turn.Failure != conversation.NotUnderstood {
			t.Errorf("kept %q, want %q; failure %q", k.kept, want, turn.Failure)
		}
	})
}

func TestAVoiceThatFailsKeepsNoPart(t *testing.T) {
	inHome(t, func(r *rig) {
		k := r.talk(r.t.Context(), reader{fails: "Two"}, nil)
		k.write("One. Two. Three.")
		close(k.words)
		turn := <-k.turn
		if k.kept != "" || turn.ReplyAudio != "" || turn.Failure != "" {
			t.Errorf("kept %q, failure %q", k.kept, turn.Failure)
		}
	})
}

func TestAVoiceThatHangsIsLeft(t *testing.T) {
	inHome(t, func(r *rig) {
		k := r.talk(r.t.Context(), reader{takes: time.Hour}, nil)
		close(k.words)
		if turn := <-k.turn; k.kept != "" || turn.Timings["answer"] > 6000 {
			t.Errorf("kept %q after %v ms", k.kept, turn.Timings["answer"])
		}
	})
}

// What was done is heard as before, in one go.
func TestAPublishedReplyIsHeard(t *testing.T) {
	inHome(t, func(r *rig) {
		r.whole.Voice = reader{}
		var heard []string
		aloud := r.Aloud(func(_ conversation.Failure, clip audio.Clip) { heard = append(heard, read(clip)) })
		turn, err := aloud.Say(r.t.Context(), "", "turn on the kitchen ceiling")
		if err != nil || !slices.Equal(heard, []string{"Turned on the light"}) || read(turn.Voice) != turn.Reply {
			t.Errorf("heard %q, %v", heard, err)
		}
	})
}
