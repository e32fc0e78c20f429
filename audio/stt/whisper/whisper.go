// Package whisper recognises speech with OpenAI's Whisper in ONNX Runtime. It hears a clip once and
// decodes it twice at the same time: freely, and limited to the sentences of a home's grammar. How much
// worse the second does than the first says whether the sentence was meant.
package whisper

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strings"

	"hearth/audio"
	"hearth/audio/onnx"
	"hearth/audio/stt"
)

// Name is what hypotheses give as their recogniser.
const Name = "whisper"

// Options say what to open.
type Options struct {
	Library string // path of libonnxruntime.so.1
	Model   string // folder that package convert has written
	Threads int    // 0 means one: a tiny model gains nothing from more
	// Language is what is spoken, for models that know several: "de". "" means English.
	Language string
}

// A Recogniser is an open model. It is not safe for concurrent use.
type Recogniser struct {
	model    *model
	spectrum *spectrum
	speller  *speller // nil without a grammar
	prompt   []int
	task     []int // tokens that tell the model what to do
}

// Open loads the library and the model. The Recogniser must be closed.
func Open(o Options) (*Recogniser, error) {
	if err := onnx.Load(o.Library); err != nil {
		return nil, err
	}
	m, err := openModel(o.Model, max(o.Threads, 1))
	if err != nil {
		return nil, err
	}
	task, err := m.task(o.Language)
	if err != nil {
		return nil, errors.Join(err, m.close())
	}
	return &Recogniser{model: m, spectrum: newSpectrum(), task: task}, nil
}

// task asks for text without times. Only models of several languages want to know which is spoken.
func (m *model) task(language string) ([]int, error) {
	language = cmp.Or(language, "en")
	if len(m.Languages) == 0 {
		if language != "en" {
			return nil, fmt.Errorf("the model knows English only, not %q", language)
		}
		return []int{m.NoTimestamps}, nil
	}
	id, ok := m.Languages[language]
	if !ok {
		return nil, fmt.Errorf("the model does not know the language %q", language)
	}
	return []int{id, m.Transcribe, m.NoTimestamps}, nil
}

// Close frees the model.
func (r *Recogniser) Close() error { return r.model.close() }

// SetGrammar limits what can be heard from the next clip on; nil leaves only free decoding. Names become
// the prompt, as far as they fit.
func (r *Recogniser) SetGrammar(g stt.Grammar, names []string) {
	r.prompt = r.model.prompt(names)
	r.speller = nil
	if g != nil {
		r.speller = &speller{grammar: g, forms: r.model.forms}
	}
}

// Transcribe recognises one clip of audio.Speech, of which it hears the first 30 s. Silence is rejected
// without a look.
func (r *Recogniser) Transcribe(clip audio.Clip) (stt.Hypothesis, error) {
	nothing := stt.Hypothesis{Recogniser: Name, NoSpeech: 1}
	if clip.Format != audio.Speech {
		return nothing, fmt.Errorf("transcribe a clip of %v, want %v", clip.Format, audio.Speech)
	}
	if stt.Silent(clip) {
		return nothing, nil
	}
	sound, err := r.model.encode(r.spectrum, clip.Samples)
	if err != nil {
		return nothing, err
	}
	defer sound.destroy()
	d, err := r.model.decode(sound)
	if err != nil {
		return nothing, err
	}
	defer d.destroy()
	first, noSpeech, err := r.begin(d)
	if err != nil {
		return nothing, err
	}
	s := search{model: r.model, speller: r.speller, limit: r.limit(clip)}
	if err := s.run(d, first); err != nil {
		return nothing, err
	}
	return r.hypothesis(&s, noSpeech), nil
}

// limit is how many tokens a clip can hold: nobody says more than eight a second.
func (r *Recogniser) limit(clip audio.Clip) int {
	const before = 2 // the tokens that begin the prompt and the text
	return min(int(clip.Duration().Seconds()*8)+8, positions-before-len(r.prompt)-len(r.task))
}

// begin decodes what comes before the text and returns what may come first in it.
func (r *Recogniser) begin(d *decoding) (first []float32, noSpeech float64, err error) {
	m := r.model
	head := []int{m.Start}
	if len(r.prompt) > 0 {
		head = append(append([]int{m.Previous}, r.prompt...), m.Start)
	}
	rows, err := d.step([][]int{head}, []int{0})
	if err != nil {
		return nil, 0, err
	}
	noSpeech = math.Exp(float64(rows[0][m.NoSpeech]))
	if rows, err = d.step([][]int{r.task}, []int{0}); err != nil {
		return nil, 0, err
	}
	return rows[0], noSpeech, nil
}

func (r *Recogniser) hypothesis(s *search, noSpeech float64) stt.Hypothesis {
	h := stt.Hypothesis{Recogniser: Name, NoSpeech: noSpeech, Free: r.model.text(s.free)}
	h.FreeLog = s.freeSum / float64(len(s.free))
	if s.best != nil {
		h.Text = strings.TrimSpace(s.best.text)
		h.Confidence = s.best.sum - s.freeSum
		h.LogProb = s.best.sum / float64(s.best.count)
		h.Wild = stt.WildShare(r.speller.grammar, h.Text)
	}
	h.Verdict = h.Judge()
	h.Text = inWords(h.Text)
	return h
}

// inWords writes "50%" as it was said: "50 percent". The model knows English only.
func inWords(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "%", " percent")), " ")
}

// text joins what tokens stand for.
func (m *model) text(tokens []int) string {
	var b strings.Builder
	for _, t := range tokens {
		if t < m.End {
			b.WriteString(m.tokens[t])
		}
	}
	return strings.TrimSpace(b.String())
}
