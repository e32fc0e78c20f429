// Package convert turns a Whisper model as CTranslate2 stores it (model.bin, config.json,
// vocabulary.txt; packages and repositories named faster-whisper-* hold that) into the files that
// package whisper opens. The linear layers end up in 8 bits. It needs nothing but Go.
package convert

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"hearth/audio/stt/whisper"
)

// Folder reads the model in src and writes it to dst, which is created if need be. A file is complete
// or not there; whisper.json comes last, so a folder that has it is whole.
func Folder(src, dst string) error {
	files, err := convertFolder(src)
	if err != nil {
		return fmt.Errorf("convert the Whisper model in %s: %w", src, err)
	}
	if err := os.MkdirAll(dst, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		if err := writeFile(filepath.Join(dst, f.name), f.content); err != nil {
			return err
		}
	}
	return nil
}

type file struct {
	name    string
	content []byte
}

func convertFolder(src string) ([]file, error) {
	model, err1 := os.ReadFile(filepath.Join(src, "model.bin"))
	settingsFile, err2 := os.ReadFile(filepath.Join(src, "config.json"))
	words, err3 := os.ReadFile(filepath.Join(src, "vocabulary.txt"))
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	w, err := readWeights(model)
	if err != nil {
		return nil, fmt.Errorf("model.bin: %w", err)
	}
	d, err := measure(w)
	if err != nil {
		return nil, fmt.Errorf("model.bin: %w", err)
	}
	return build(w, d, settingsFile, readVocabulary(words))
}

func build(w weights, d dims, settingsFile []byte, vocabulary []string) ([]file, error) {
	if len(vocabulary) != d.words {
		return nil, fmt.Errorf("vocabulary.txt has %d tokens, the model %d", len(vocabulary), d.words)
	}
	enc, err1 := encoder(w, d)
	dec, err2 := decoder(w, d)
	tokens, err3 := tokenBytes(vocabulary)
	s, err4 := settings(settingsFile, vocabulary, d)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, err
	}
	about, err := json.Marshal(s)
	return []file{
		{whisper.EncoderFile, enc}, {whisper.DecoderFile, dec}, {whisper.TokensFile, tokens}, {whisper.SettingsFile, about},
	}, err
}

// measure finds the sizes of a model from its weights.
func measure(w weights) (d dims, err error) {
	embeddings, heads := w["decoder/embeddings/weight"], w["encoder/num_heads"]
	if len(embeddings.shape) != 2 || len(heads.data) != 1 {
		return d, errors.New("no embeddings or no number of heads")
	}
	d = dims{heads: int(heads.data[0]), width: embeddings.shape[1], words: embeddings.shape[0]}
	if d.heads <= 0 || d.width == 0 || d.width%d.heads != 0 {
		return d, fmt.Errorf("%d heads do not divide a width of %d", d.heads, d.width)
	}
	for w.has(fmt.Sprintf("decoder/layer_%d/attention/linear_0/weight", d.layers)) {
		d.layers++
	}
	if d.layers == 0 {
		return d, errors.New("no decoder layers")
	}
	return d, nil
}

func (w weights) has(name string) bool {
	_, ok := w[name]
	return ok
}

// writeFile replaces a file in one step.
func writeFile(path string, content []byte) error {
	temporary := path + ".partial"
	if err := os.WriteFile(temporary, content, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}
