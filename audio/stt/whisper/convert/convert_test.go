package convert_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hearth/audio/stt/whisper"
	"hearth/audio/stt/whisper/convert"
)

// The sizes of a model as small as one can be.
const (
	width = 4
	heads = 2
	words = 8
)

var vocabulary = []string{"Ġturn", "Ġon", "é", "<|endoftext|>", "<|startoftranscript|>", "<|startofprev|>", "<|transcribe|>", "<|notimestamps|>"}

// smallModel writes a CTranslate2 folder of one encoder and one decoder layer. Change gets the variables
// before they are written.
func smallModel(t *testing.T, change func(map[string][]int)) string {
	t.Helper()
	shapes := map[string][]int{
		"encoder/num_heads":    {1},
		"encoder/conv1/weight": {width, 80, 3}, "encoder/conv1/bias": {width},
		"encoder/conv2/weight": {width, width, 3}, "encoder/conv2/bias": {width},
		"encoder/position_encodings/encodings": {1500, width},
		"decoder/position_encodings/encodings": {448, width},
		"decoder/embeddings/weight":            {words, width},
	}
	for _, layer := range []string{"encoder/layer_norm", "decoder/layer_norm"} {
		shapes[layer+"/gamma"], shapes[layer+"/beta"] = []int{width}, []int{width}
	}
	for _, layer := range []string{"encoder/layer_0", "decoder/layer_0"} {
		linear := map[string]int{"self_attention/linear_0": 3, "self_attention/linear_1": 1, "ffn/linear_0": 1, "ffn/linear_1": 1}
		norms := []string{"self_attention", "ffn"}
		if strings.HasPrefix(layer, "decoder") {
			linear["attention/linear_0"], linear["attention/linear_1"], linear["attention/linear_2"] = 1, 2, 1
			norms = append(norms, "attention")
		}
		for name, n := range linear {
			shapes[layer+"/"+name+"/weight"], shapes[layer+"/"+name+"/bias"] = []int{n * width, width}, []int{n * width}
		}
		for _, name := range norms {
			shapes[layer+"/"+name+"/layer_norm/gamma"], shapes[layer+"/"+name+"/layer_norm/beta"] = []int{width}, []int{width}
		}
	}
	if change != nil {
		change(shapes)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "model.bin"), modelFile(shapes))
	write(t, filepath.Join(dir, "config.json"), []byte(`{"suppress_ids":[2],"suppress_ids_begin":[1]}`))
	write(t, filepath.Join(dir, "vocabulary.txt"), []byte(strings.Join(vocabulary, "\n")+"\n"))
	return dir
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// modelFile is a model.bin of float32 variables; their values only need to differ.
func modelFile(shapes map[string][]int) []byte {
	text := func(b []byte, s string) []byte {
		return append(append(binary.LittleEndian.AppendUint16(b, uint16(len(s)+1)), s...), 0)
	}
	word := binary.LittleEndian.AppendUint32
	b := word(text(word(nil, 6), "WhisperSpec"), 3)
	b = word(b, uint32(len(shapes)))
	for name, shape := range shapes {
		b = append(text(b, name), byte(len(shape)))
		n := 1
		for _, d := range shape {
			b, n = word(b, uint32(d)), n*d
		}
		b = word(append(b, 0), uint32(4*n))
		for i := range n {
			value := float32(math.Sin(float64(i)))
			if name == "encoder/num_heads" {
				value = heads
			}
			b = word(b, math.Float32bits(value))
		}
	}
	return b
}

func TestFolderIsWhole(t *testing.T) {
	src, dst := smallModel(t, nil), filepath.Join(t.TempDir(), "new", "folder")
	if err := convert.Folder(src, dst); err != nil {
		t.Fatal(err)
	}
	var got whisper.Settings
	b, err := os.ReadFile(filepath.Join(dst, whisper.SettingsFile))
	if err == nil {
		err = json.Unmarshal(b, &got)
	}
	want := whisper.Settings{
		Layers: 1, Heads: heads, HeadWidth: width / heads, Vocabulary: words, Suppress: []int{2}, SuppressBegin: []int{1},
		End: 3, Start: 4, Previous: 5, Transcribe: 6, NoTimestamps: 7,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || err != nil {
		t.Errorf("settings %+v, %v, want %+v", got, err, want)
	}
	tokens, err := os.ReadFile(filepath.Join(dst, whisper.TokensFile))
	if want := "\x05 turn\x03 on\x01\xe9"; err != nil || !strings.HasPrefix(string(tokens), want) {
		t.Errorf("tokens %q, %v, want %q first", tokens, err, want)
	}
	entries, err := os.ReadDir(dst)
	if err != nil || len(entries) != 4 {
		t.Errorf("%d files, %v, want 4: %v", len(entries), err, entries)
	}
}

func TestOpensInONNXRuntime(t *testing.T) {
	dst := t.TempDir()
	if err := convert.Folder(smallModel(t, nil), dst); err != nil {
		t.Fatal(err)
	}
	r, err := whisper.Open(whisper.Options{Library: library(t), Model: dst})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Transcribe(loud()); err != nil {
		t.Errorf("a model of one layer: %v", err)
	}
}

func TestDamagedModels(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join(smallModel(t, nil), "model.bin"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, want string
		damage     func(t *testing.T) string
	}{
		{"no model", "model.bin", func(t *testing.T) string { return t.TempDir() }},
		{"a layer is missing", "decoder/layer_0/ffn/linear_1/weight", func(t *testing.T) string {
			return smallModel(t, func(s map[string][]int) { delete(s, "decoder/layer_0/ffn/linear_1/weight") })
		}},
		{"a weight has another shape", "encoder/conv1/weight", func(t *testing.T) string {
			return smallModel(t, func(s map[string][]int) { s["encoder/conv1/weight"] = []int{width, 240} })
		}},
		{"heads do not divide the width", "heads", func(t *testing.T) string {
			return smallModel(t, func(s map[string][]int) { s["decoder/embeddings/weight"] = []int{words, 5} })
		}},
		{"cut off", "unexpected EOF", func(t *testing.T) string {
			dir := smallModel(t, nil)
			write(t, filepath.Join(dir, "model.bin"), whole[:len(whole)/2])
			return dir
		}},
		{"another format", "version", func(t *testing.T) string {
			dir := smallModel(t, nil)
			write(t, filepath.Join(dir, "model.bin"), []byte("GGUF, which is something else altogether"))
			return dir
		}},
		{"another vocabulary", "7 tokens", func(t *testing.T) string {
			dir := smallModel(t, nil)
			write(t, filepath.Join(dir, "vocabulary.txt"), []byte(strings.Join(vocabulary[1:], "\n")))
			return dir
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dst := filepath.Join(t.TempDir(), "dst")
			err := convert.Folder(test.damage(t), dst)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Folder = %v, want %q in it", err, test.want)
			}
			if _, err := os.Stat(dst); err == nil {
				t.Error("a folder was left behind")
			}
		})
	}
}

func FuzzFolder(f *testing.F) {
	f.Add(modelFile(map[string][]int{"encoder/num_heads": {1}, "decoder/embeddings/weight": {words, width}}))
	f.Add(modelFile(map[string][]int{}))
	dir := f.TempDir()
	for name, content := range map[string]string{"config.json": "{}", "vocabulary.txt": strings.Join(vocabulary, "\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, model []byte) {
		write(t, filepath.Join(dir, "model.bin"), model)
		_ = convert.Folder(dir, t.TempDir()) // any error will do; it must come back
	})
}
