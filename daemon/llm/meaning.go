package llm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// An Embedder turns texts into vectors that are near each other when they mean something similar.
type Embedder interface {
	Name() string
	// Embed gives a vector of length 1 for each text.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
	Close()
}

// Vectors keep vectors by their texts for a day or so. Losing them costs time.
type Vectors interface {
	Get(key string) ([]byte, bool)
	Put(key string, vector []byte) error
}

const (
	// sentenceTime is how long the sentence's vector is waited for: somebody waits for the answer. A small model takes
	// 20 ms when it is in memory.
	sentenceTime = 250 * time.Millisecond
	namesAtOnce  = 32
	namesTime    = 30 * time.Second // for so many
	// unlike is the likeness of texts that have nothing to do with each other, at most.
	unlike = 0.25
)

// A meaning compares sentences with what the names of a home mean. It knows nothing until it has learned the names.
type meaning struct {
	embedder Embedder
	vectors  Vectors
	learned  atomic.Pointer[learnedNames]
	failing  bool // since Run has said so
}

// learnedNames are the vectors of a home's exposed entities, by their index in the snapshot; nil for the others.
type learnedNames struct {
	registry string
	vectors  [][]byte
}

// learn reads the names of a home, those that are not kept from before in batches. What was read before an error is kept.
func (m *meaning) learn(ctx context.Context, snapshot *home.Snapshot) error {
	if l := m.learned.Load(); l != nil && l.registry == snapshot.Registry() {
		return nil
	}
	l := &learnedNames{snapshot.Registry(), make([][]byte, len(snapshot.Entities))}
	missing := map[string][]int{} // by text: who is called so
	for i, e := range snapshot.Entities {
		if !e.Exposed {
			continue
		}
		text := describing(snapshot, e)
		var known bool
		if l.vectors[i], known = m.vectors.Get(m.key(text)); !known {
			missing[text] = append(missing[text], i)
		}
	}
	var kept error
	for texts := slices.Collect(maps.Keys(missing)); len(texts) > 0; {
		n := min(len(texts), namesAtOnce)
		vectors, err := m.embed(ctx, texts[:n], namesTime)
		if err != nil {
			return fmt.Errorf("learn the names of the home: %w", err)
		}
		for j, text := range texts[:n] {
			for _, i := range missing[text] {
				l.vectors[i] = vectors[j]
			}
			kept = errors.Join(kept, m.vectors.Put(m.key(text), vectors[j]))
		}
		texts = texts[n:]
	}
	m.learned.Store(l)
	return kept
}

func (m *meaning) key(text string) string { return m.embedder.Name() + "\x00" + text }

// similar tells how near each entity's name is to the question's sentence, from 0 to 1. It is nil when the names are not
// known or the sentence's vector does not come in time.
func (m *meaning) similar(ctx context.Context, q conversation.ModelQuestion) (func(entity int32) float32, error) {
	l := m.learned.Load()
	if l == nil || l.registry != q.Home.Registry() {
		return nil, nil
	}
	said, err := m.embed(ctx, []string{embeddable(q.Text)}, sentenceTime)
	if err != nil {
		return nil, err
	}
	return l.near(said[0]), nil
}

// near tells how near each name is to a vector, from 0 to 1.
func (l *learnedNames) near(said []byte) func(entity int32) float32 {
	return func(entity int32) float32 { return max(0, (cosine(said, l.vectors[entity])-unlike)/(1-unlike)) }
}

func (m *meaning) embed(ctx context.Context, texts []string, within time.Duration) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	vectors, err := m.embedder.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	small := make([][]byte, len(vectors))
	for i, v := range vectors {
		small[i] = quantised(v)
	}
	return small, nil
}

// describing is what an entity's name is compared by: its name, its room and its kind.
func describing(snapshot *home.Snapshot, e home.Entity) string {
	area, _ := snapshot.Area(e.Area)
	kind := strings.ReplaceAll(e.DeviceClass+" "+e.Domain(), "_", " ")
	return embeddable(strings.Join([]string{e.Name, strings.Join(e.Aliases, " "), area.Name, kind}, " "))
}

// embeddable is a text as tokenizers of servers read it as they were meant to: without marks on letters, with typographic
// quotes as ASCII has them, and with spaces around symbols.
func embeddable(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == '‘', r == '’', r == '‚':
			b.WriteString(" ' ")
		case r == '“', r == '”', r == '„', r == '«', r == '»':
			b.WriteString(` " `)
		case r < 0x80 && (unicode.IsPunct(r) || unicode.IsSymbol(r)):
			b.WriteString(" " + string(r) + " ")
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// quantised is a vector of length 1 in a byte for each number, which is enough to compare by, and a fifteenth of its text.
func quantised(v []float32) []byte {
	most := float32(0)
	for _, x := range v {
		most = max(most, float32(math.Abs(float64(x))))
	}
	small := make([]byte, len(v))
	for i, x := range v {
		if most > 0 {
			small[i] = byte(int8(math.Round(float64(x / most * 127))))
		}
	}
	return small
}

// cosine is 1 for vectors in the same direction, 0 for such of different length.
func cosine(a, b []byte) float32 {
	if len(a) != len(b) {
		return 0
	}
	var dot, aa, bb int32
	for i := range a {
		x, y := int32(int8(a[i])), int32(int8(b[i]))
		dot, aa, bb = dot+x*y, aa+x*x, bb+y*y
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return float32(float64(dot) / math.Sqrt(float64(aa)*float64(bb)))
}
