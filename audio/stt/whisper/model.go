package whisper

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	ort "github.com/yalue/onnxruntime_go"

	"hearth/audio/onnx"
)

// Files of a model's folder; package convert writes them.
const (
	EncoderFile  = "encoder.onnx"
	DecoderFile  = "decoder.onnx"
	TokensFile   = "tokens.bin"
	SettingsFile = "whisper.json"
)

// Settings are the sizes of a model and the ids of its special tokens.
type Settings struct {
	Layers     int `json:"layers"` // of the decoder
	Heads      int `json:"heads"`
	HeadWidth  int `json:"head_width"`
	Vocabulary int `json:"vocabulary"`
	// Tokens that are never said, and those that no text begins with.
	Suppress      []int `json:"suppress"`
	SuppressBegin []int `json:"suppress_begin"`
	// Special tokens. Text has ids below End.
	End          int `json:"end"`
	Start        int `json:"start"`
	Previous     int `json:"previous"`
	Transcribe   int `json:"transcribe"`
	NoSpeech     int `json:"no_speech"`
	NoTimestamps int `json:"no_timestamps"`
	// Languages by their code; empty when the model knows only English.
	Languages map[string]int `json:"languages,omitempty"`
}

// positions is how many tokens the decoder can hold, prompt included.
const positions = 448

// model is an open pair of graphs and what their tokens mean.
type model struct {
	Settings
	encoder, decoder *ort.DynamicAdvancedSession
	tokens           []string     // bytes that each token stands for
	forms            [][]rune     // see normalForms
	silent, notFirst map[int]bool // tokens that are never said, and never first
}

func openModel(dir string, threads int) (m *model, err error) {
	m = &model{}
	settings, err := os.ReadFile(filepath.Join(dir, SettingsFile))
	if err == nil {
		err = json.Unmarshal(settings, &m.Settings)
	}
	if err != nil {
		return nil, fmt.Errorf("read the settings of the model in %s: %w", dir, err)
	}
	if m.tokens, err = readTokens(filepath.Join(dir, TokensFile)); err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("the model in %s: %w", dir, err)
	}
	m.silent, m.notFirst = set(m.Suppress), set(m.SuppressBegin)
	m.forms = m.normalForms()
	return m, m.open(dir, threads)
}

func set(ids []int) map[int]bool {
	s := make(map[int]bool, len(ids))
	for _, id := range ids {
		s[id] = true
	}
	return s
}

// check keeps a damaged settings file from indexing outside the vocabulary.
func (m *model) check() error {
	if m.Layers < 1 || m.Heads < 1 || m.HeadWidth < 1 || m.Vocabulary != len(m.tokens) {
		return fmt.Errorf("%d layers, %d heads of %d, %d of %d tokens", m.Layers, m.Heads, m.HeadWidth, len(m.tokens), m.Vocabulary)
	}
	ids := append([]int{m.End, m.Start, m.Previous, m.Transcribe, m.NoSpeech, m.NoTimestamps}, m.Suppress...)
	ids = append(ids, m.SuppressBegin...)
	for _, id := range m.Languages {
		ids = append(ids, id)
	}
	for _, id := range ids {
		if id < 0 || id >= m.Vocabulary {
			return fmt.Errorf("token %d is outside the vocabulary of %d", id, m.Vocabulary)
		}
	}
	return nil
}

func (m *model) open(dir string, threads int) (err error) {
	sound := []string{"mel", "src", "pos", "bias"}
	m.encoder, err = onnx.Open(filepath.Join(dir, EncoderFile), threads, sound, m.names("cross_k", "cross_v"))
	if err != nil {
		return err
	}
	inputs := append([]string{"tokens", "from", "bias"}, m.names("cross_k", "cross_v")...)
	inputs = append(inputs, m.names("past_k", "past_v")...)
	outputs := append([]string{"logprobs"}, m.names("k", "v")...)
	m.decoder, err = onnx.Open(filepath.Join(dir, DecoderFile), threads, inputs, outputs)
	if err != nil {
		m.encoder.Destroy()
	}
	return err
}

// names are the ports of all layers: k0, v0, k1, v1.
func (m *model) names(kinds ...string) (names []string) {
	for layer := range m.Layers {
		for _, kind := range kinds {
			names = append(names, fmt.Sprint(kind, layer))
		}
	}
	return names
}

func (m *model) close() error {
	return errors.Join(m.encoder.Destroy(), m.decoder.Destroy())
}

// readTokens reads a length as varint and the bytes of each token.
func readTokens(path string) (tokens []string, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for len(b) > 0 {
		n, used := binary.Uvarint(b)
		if used <= 0 || n > uint64(len(b)-used) {
			return nil, fmt.Errorf("read tokens from %s: damaged after %d tokens", path, len(tokens))
		}
		tokens = append(tokens, string(b[used:used+int(n)]))
		b = b[used+int(n):]
	}
	return tokens, nil
}
