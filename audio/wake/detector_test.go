package wake_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"hearth/audio"
	"hearth/audio/resample"
	"hearth/audio/tts"
	"hearth/audio/wake"
	"hearth/audio/wav"
)

// openDetector opens the real model among the assets.
func openDetector(t testing.TB) *wake.Detector {
	t.Helper()
	assets := os.Getenv("HEARTH_ASSETS")
	if assets == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Skip(err)
		}
		assets = filepath.Join(cache, "hearth", "assets")
	}
	model := filepath.Join(assets, "kws-zipformer-gigaspeech-3.3M")
	if _, err := os.Stat(model); err != nil {
		t.Skip("no model that finds wake words: make assets takes it from HEARTH_SHARED")
	}
	d, err := wake.Open(wake.Options{Library: filepath.Join(assets, "onnxruntime", "libonnxruntime.so.1"), Model: model})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// spoken is a sentence with a second of silence around it.
func spoken(t testing.TB, sentence string) []int16 {
	t.Helper()
	speaker, err := tts.New(tts.Options{Engine: tts.Flite})
	if err != nil {
		t.Fatal(err)
	}
	clip, err := speaker.Speak(t.Context(), sentence)
	if err != nil {
		t.Skipf("flite: %v: apt-get install flite", err)
	}
	second := make([]int16, audio.Speech.Samples(time.Second))
	return append(append(second, resample.Speech(clip).Samples...), second...)
}

// push gives the samples in pieces, the first having the number at.
func push(t testing.TB, d *wake.Detector, at int64, samples []int16) (hits []wake.Hit) {
	t.Helper()
	for len(samples) > 0 {
		n := min(len(samples), 1280)
		found, err := d.Push(at, samples[:n])
		if err != nil {
			t.Fatal(err)
		}
		hits, at, samples = append(hits, found...), at+int64(n), samples[n:]
	}
	return hits
}

func TestDetector(t *testing.T) {
	d := openDetector(t)
	sound := spoken(t, "okay computer")
	if hits := push(t, d, 0, sound); len(hits) != 0 {
		t.Errorf("without phrases it found %v", hits)
	}
	if err := d.SetPhrases([]string{"okay house", "okay computer"}); err != nil {
		t.Fatal(err)
	}
	const at = 1_000_000
	hits := push(t, d, at, sound)
	if len(hits) != 1 || hits[0].Phrase != "okay computer" || hits[0].Confidence < 0.25 {
		t.Fatalf("found %v", hits)
	}
	end, length := audio.Speech.Duration(int(hits[0].End-at)), audio.Speech.Duration(len(sound))
	if end < length/2 || end > length-700*time.Millisecond {
		t.Errorf("the phrase ended at %v of %v", end, length)
	}
	if err := d.SetPhrases([]string{"kitchen 4"}); err == nil {
		t.Error("a phrase that the model cannot spell was taken")
	}
	for _, other := range []string{"turn on the kitchen light", "okay", "the commuter is okay", "what is the weather like"} {
		if hits := push(t, d, 0, spoken(t, other)); len(hits) != 0 {
			t.Errorf("in %q it found %v", other, hits)
		}
	}
	if hits := push(t, d, 0, sound); len(hits) != 1 {
		t.Errorf("after other phrases were refused it found %v", hits)
	}
}

// TestRecordedWakeWords are people's: those that the model can tell.
func TestRecordedWakeWords(t *testing.T) {
	d := openDetector(t)
	shared := os.Getenv("HEARTH_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	folder := filepath.Join(shared, "data", "voice", "rhasspy+wyoming-openwakeword", "tests")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no recordings: set HEARTH_SHARED to the folder that holds data/voice")
	}
	silence := make([]int16, audio.Speech.Samples(time.Second))
	for _, phrase := range []string{"computer", "alexa", "snowboy"} {
		if err := d.SetPhrases([]string{phrase}); err != nil {
			t.Fatal(err)
		}
		for _, said := range []string{"computer", "alexa", "snowboy", "hey_rhasspy", "okay_nabu"} {
			file, err := os.ReadFile(filepath.Join(folder, said+".wav"))
			if err != nil {
				t.Fatal(err)
			}
			clip, err := wav.Decode(bytes.NewReader(file), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			hits := push(t, d, -1, nil)
			hits = append(hits, push(t, d, 0, append(append(silence[:len(silence):len(silence)], clip.Samples...), silence...))...)
			if found := len(hits) == 1; found != (said == phrase) {
				t.Errorf("%s in the recording of %s: %v", phrase, said, hits)
			}
		}
	}
}

// TestALongTimeTakesNoMoreRoom has minutes of sound leave the heap as it was.
func TestALongTimeTakesNoMoreRoom(t *testing.T) {
	d := openDetector(t)
	if err := d.SetPhrases([]string{"okay computer"}); err != nil {
		t.Fatal(err)
	}
	sound := spoken(t, "it is a truth universally acknowledged that a single man in possession of a good fortune must be in want of a wife")
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	at := int64(0)
	listen := func(d *wake.Detector, times int) {
		for range times {
			push(t, d, at, sound)
			at += int64(len(sound))
		}
	}
	listen(d, 3)
	before := heap()
	listen(d, 20)
	if after := heap(); after > before+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
}

func BenchmarkDetector(b *testing.B) {
	d := openDetector(b)
	if err := d.SetPhrases([]string{"okay computer"}); err != nil {
		b.Fatal(err)
	}
	sound := spoken(b, "turn on the kitchen light, and then tell me what the weather will be like tomorrow")
	seconds := 0.0
	b.ReportAllocs()
	for b.Loop() {
		push(b, d, 0, sound)
		seconds += audio.Speech.Duration(len(sound)).Seconds()
	}
	b.ReportMetric(b.Elapsed().Seconds()/seconds, "s/s")
}
