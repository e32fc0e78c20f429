package convert_test

import (
	"os"
	"path/filepath"
	"testing"

	"hearth/audio"
)

// library finds ONNX Runtime among the assets.
func library(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("HEARTH_ASSETS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skip(err)
		}
		dir = filepath.Join(cache, "hearth", "assets")
	}
	path := filepath.Join(dir, "onnxruntime", "libonnxruntime.so.1")
	if _, err := os.Stat(path); err != nil {
		t.Skip("no ONNX Runtime: run make assets")
	}
	return path
}

// loud is half a second of a tone.
func loud() audio.Clip {
	clip := audio.Clip{Format: audio.Speech, Samples: make([]int16, 8000)}
	for i := range clip.Samples {
		clip.Samples[i] = int16(4000 * (i / 20 % 2))
	}
	return clip
}
