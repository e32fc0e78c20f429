package wav_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"hearth/audio"
	"hearth/audio/wav"
)

const limit = time.Minute

// A file describes a WAV file to be made for a test.
type file struct {
	codec      uint16 // 1 PCM, 3 float
	rate       uint32
	channels   uint16
	bits       uint16
	extensible bool
	before     []byte // chunks before fmt
	between    []byte // chunks between fmt and data
	after      []byte // chunks after data
	riffSize   *uint32
	dataSize   *uint32
	data       []byte
}

func (f file) bytes() []byte {
	le := binary.LittleEndian
	format := le.AppendUint16(nil, f.codec)
	if f.extensible {
		format = le.AppendUint16(nil, 0xFFFE)
	}
	frame := f.channels * f.bits / 8
	format = le.AppendUint16(format, f.channels)
	format = le.AppendUint32(format, f.rate)
	format = le.AppendUint32(format, f.rate*uint32(frame))
	format = le.AppendUint16(format, frame)
	format = le.AppendUint16(format, f.bits)
	if f.extensible {
		format = le.AppendUint16(format, 22)
		format = le.AppendUint16(format, f.bits)
		format = le.AppendUint32(format, 0)
		format = le.AppendUint16(format, f.codec)
		format = append(format, "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"...)
	}
	body := slices.Concat([]byte("WAVE"), f.before, chunk("fmt ", format), f.between)
	data := chunk("data", f.data)
	if f.dataSize != nil {
		le.PutUint32(data[4:], *f.dataSize)
	}
	body = slices.Concat(body, data, f.after)
	size := uint32(len(body))
	if f.riffSize != nil {
		size = *f.riffSize
	}
	return slices.Concat([]byte("RIFF"), le.AppendUint32(nil, size), body)
}

func chunk(id string, content []byte) []byte {
	c := binary.LittleEndian.AppendUint32([]byte(id), uint32(len(content)))
	c = append(c, content...)
	if len(content)%2 == 1 {
		c = append(c, 0)
	}
	return c
}

// encode writes samples of -1 to 1 in the given encoding.
func encode(codec uint16, bits int, samples []float64) []byte {
	var b []byte
	le := binary.LittleEndian
	for _, s := range samples {
		switch {
		case codec == 3:
			b = le.AppendUint32(b, math.Float32bits(float32(s)))
		case bits == 8:
			b = append(b, byte(math.Round(s*127)+128))
		case bits == 16:
			b = le.AppendUint16(b, uint16(int16(math.Round(s*32767))))
		case bits == 24:
			v := uint32(int32(math.Round(s * (1<<23 - 1))))
			b = append(b, byte(v), byte(v>>8), byte(v>>16))
		case bits == 32:
			b = le.AppendUint32(b, uint32(int32(math.Round(s*math.MaxInt32))))
		}
	}
	return b
}

// tone is a 440 Hz sine at half level, the same on every channel.
func tone(rate, channels int, d time.Duration) []float64 {
	frames := int(d.Seconds() * float64(rate))
	out := make([]float64, 0, frames*channels)
	for i := range frames {
		for range channels {
			out = append(out, 0.5*math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
		}
	}
	return out
}

// checkTone checks length, level and frequency of a clip that should be tone in audio.Speech.
func checkTone(t *testing.T, clip audio.Clip, d time.Duration) {
	t.Helper()
	if clip.Format != audio.Speech {
		t.Fatalf("format %v", clip.Format)
	}
	if off := clip.Duration() - d; off.Abs() > time.Millisecond {
		t.Errorf("lasts %v, want %v", clip.Duration(), d)
	}
	middle := clip.Samples[len(clip.Samples)/10 : len(clip.Samples)*9/10]
	var sum, in, quadrature float64
	for i, s := range middle {
		v := float64(s) / 32768
		angle := 2 * math.Pi * 440 * float64(i) / 16000
		sum += v * v
		in += v * math.Cos(angle)
		quadrature += v * math.Sin(angle)
	}
	n := float64(len(middle))
	if level := math.Sqrt(2 * sum / n); math.Abs(level-0.5) > 0.01 {
		t.Errorf("amplitude %.3f, want 0.5", level)
	}
	if at440 := 2 * math.Hypot(in, quadrature) / n; math.Abs(at440-0.5) > 0.01 {
		t.Errorf("amplitude at 440 Hz %.3f, want 0.5", at440)
	}
}

func TestDecodeEveryFormat(t *testing.T) {
	encodings := []struct {
		codec uint16
		bits  int
	}{{1, 8}, {1, 16}, {1, 24}, {1, 32}, {3, 32}}
	for _, e := range encodings {
		for _, rate := range []int{8000, 16000, 44100, 48000, 192000} {
			for _, channels := range []int{1, 2, 6} {
				for _, extensible := range []bool{false, true} {
					name := fmt.Sprintf("codec %d/%d bits/%d Hz/%d channels/extensible %v", e.codec, e.bits, rate, channels, extensible)
					t.Run(name, func(t *testing.T) {
						f := file{codec: e.codec, bits: uint16(e.bits), rate: uint32(rate), channels: uint16(channels),
							extensible: extensible, data: encode(e.codec, e.bits, tone(rate, channels, 200*time.Millisecond))}
						clip, err := wav.Decode(bytes.NewReader(f.bytes()), limit)
						if err != nil {
							t.Fatal(err)
						}
						checkTone(t, clip, 200*time.Millisecond)
					})
				}
			}
		}
	}
}

func plain(d time.Duration) file {
	return file{codec: 1, bits: 16, rate: 16000, channels: 1, data: encode(1, 16, tone(16000, 1, d))}
}

func ptr(v uint32) *uint32 { return &v }

func TestDecodeHeaders(t *testing.T) {
	with := func(change func(*file)) []byte {
		f := plain(200 * time.Millisecond)
		change(&f)
		return f.bytes()
	}
	list := chunk("LIST", []byte("INFOodd"))
	cases := map[string][]byte{
		"chunk before fmt, odd size":     with(func(f *file) { f.before = list }),
		"chunk between fmt and data":     with(func(f *file) { f.between = slices.Concat(list, chunk("fact", make([]byte, 4))) }),
		"chunk after data":               with(func(f *file) { f.after = list }),
		"espeak-ng into a pipe":          with(func(f *file) { f.riffSize, f.dataSize = ptr(0x7ffff024), ptr(0x7ffff000) }),
		"ffmpeg into a pipe":             with(func(f *file) { f.riffSize, f.dataSize = ptr(0xffffffff), ptr(0xffffffff) }),
		"sizes never filled in":          with(func(f *file) { f.riffSize, f.dataSize = ptr(0), ptr(0) }),
		"sizes of an empty file":         with(func(f *file) { f.riffSize, f.dataSize = ptr(36), ptr(0) }),
		"riff size too large":            with(func(f *file) { f.riffSize = ptr(99999) }),
		"half a frame more, in a pipe":   append(with(func(f *file) { f.dataSize = ptr(0xffffffff) }), 7),
		"half a frame more, in the size": with(func(f *file) { f.data = append(f.data, 7) }),
	}
	for name, content := range cases {
		t.Run(name, func(t *testing.T) {
			clip, err := wav.Decode(iotest.HalfReader(bytes.NewReader(content)), limit)
			if err != nil {
				t.Fatal(err)
			}
			checkTone(t, clip, 200*time.Millisecond)
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	with := func(change func(*file)) []byte {
		f := plain(200 * time.Millisecond)
		change(&f)
		return f.bytes()
	}
	good := plain(200 * time.Millisecond).bytes()
	cases := []struct {
		name    string
		content []byte
		field   string
		says    string
	}{
		{"nothing", nil, "header", "an empty file"},
		{"text", []byte("this is not a sound file at all"), "header", `"this"`},
		{"short text", []byte("hi"), "data", "within its header"},
		{"MP3", append([]byte("ID3\x04"), make([]byte, 40)...), "header", "MP3"},
		{"FLAC", append([]byte("fLaC"), make([]byte, 40)...), "header", "FLAC"},
		{"cut in the header", good[:10], "data", "within its header"},
		{"cut in fmt", good[:30], "data", "within its fmt chunk"},
		{"cut before data", good[:36], "data", "before its data chunk"},
		{"cut in data", good[:len(good)-1000], "data", "1000 bytes early"},
		{"no samples", with(func(f *file) { f.data = nil }), "length", "0 samples"},
		{"no samples, chunk after", with(func(f *file) { f.data, f.after = nil, chunk("LIST", make([]byte, 64)) }), "length", "0 samples"},
		{"data before fmt", slices.Concat([]byte("RIFF\x00\x00\x00\x00WAVE"), chunk("data", make([]byte, 8))), "header", "before any fmt"},
		{"MP3 in WAV", with(func(f *file) { f.codec = 0x55 }), "codec", "MP3"},
		{"A-law", with(func(f *file) { f.codec, f.bits = 6, 8 }), "codec", "A-law"},
		{"extensible mu-law", with(func(f *file) { f.codec, f.bits, f.extensible = 7, 8, true }), "codec", "mu-law"},
		{"unheard-of codec", with(func(f *file) { f.codec = 0x1234 }), "codec", "0x1234"},
		{"12 bits", with(func(f *file) { f.bits = 12 }), "bits per sample", "12"},
		{"64-bit float", with(func(f *file) { f.codec, f.bits = 3, 64 }), "bits per sample", "64 (float)"},
		{"no rate", with(func(f *file) { f.rate = 0 }), "sample rate", "0 Hz"},
		{"slow", with(func(f *file) { f.rate = 7999 }), "sample rate", "7999 Hz"},
		{"fast", with(func(f *file) { f.rate = 4_000_000_000 }), "sample rate", "4000000000 Hz"},
		{"no channels", with(func(f *file) { f.channels = 0 }), "channels", "0"},
		{"many channels", with(func(f *file) { f.channels = 65 }), "channels", "65"},
		{"long by its header", with(func(f *file) { f.dataSize = ptr(16000 * 2 * 600) }), "length", "10m0s"},
		{"huge fmt chunk", []byte("RIFF\x00\x00\x00\x00WAVEfmt \xff\xff\xff\xff"), "header", "4294967295 bytes"},
		{"huge chunk that is not there", []byte("RIFF\x00\x00\x00\x00WAVELIST\xff\xff\xff\xff"), "data", "before its data chunk"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			clip, err := wav.Decode(bytes.NewReader(c.content), limit)
			var fault *wav.Error
			if !errors.As(err, &fault) {
				t.Fatalf("got %d samples, error %v; want *wav.Error", len(clip.Samples), err)
			}
			if fault.Field != c.field || !strings.Contains(fault.Value, c.says) || fault.Remedy == "" {
				t.Errorf("got field %q, value %q, remedy %q", fault.Field, fault.Value, fault.Remedy)
			}
		})
	}
}

// endless is sound without an end, as from a pipe that nobody closes.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	e.read += len(b)
	return len(b), nil
}

func TestEndlessFileIsLeftAlone(t *testing.T) {
	f := plain(0)
	f.dataSize = ptr(0xffffffff)
	var sound endless
	_, err := wav.Decode(io.MultiReader(bytes.NewReader(f.bytes()), &sound), 10*time.Second)
	var fault *wav.Error
	if !errors.As(err, &fault) || fault.Field != "length" || fault.Value != "more than 10s" {
		t.Fatalf("got %v", err)
	}
	if most := 10*16000*2 + 64<<10; sound.read > most {
		t.Errorf("read %d bytes before giving up, want at most %d", sound.read, most)
	}
}

func TestLimitItselfIsAccepted(t *testing.T) {
	if _, err := wav.Decode(bytes.NewReader(plain(time.Second).bytes()), time.Second); err != nil {
		t.Error(err)
	}
	if _, err := wav.Decode(bytes.NewReader(plain(time.Second).bytes()), time.Second-time.Millisecond); err == nil {
		t.Error("a clip a millisecond too long was accepted")
	}
}

func TestReadFailureIsNotTheFilesFault(t *testing.T) {
	broken := errors.New("the disk is gone")
	content := plain(time.Second).bytes()
	for _, n := range []int{0, 15, 40, 2000} {
		_, err := wav.Decode(io.MultiReader(bytes.NewReader(content[:n]), iotest.ErrReader(broken)), limit)
		var fault *wav.Error
		if !errors.Is(err, broken) || errors.As(err, &fault) {
			t.Errorf("failure after %d bytes: got %v", n, err)
		}
	}
}

func TestOddFloats(t *testing.T) {
	f := file{codec: 3, bits: 32, rate: 16000, channels: 1,
		data: encode(3, 32, []float64{math.NaN(), math.Inf(1), math.Inf(-1), 5, -5, 1, -1, 0.5})}
	clip, err := wav.Decode(bytes.NewReader(f.bytes()), limit)
	if err != nil {
		t.Fatal(err)
	}
	if want := []int16{0, 32767, -32768, 32767, -32768, 32767, -32768, 16384}; !slices.Equal(clip.Samples, want) {
		t.Errorf("got %v, want %v", clip.Samples, want)
	}
}

func TestNarrowing(t *testing.T) {
	f := file{codec: 1, bits: 24, rate: 16000, channels: 1, data: []byte{0xff, 0xff, 0x7f, 0, 0, 0x80, 0x80, 0, 0, 0x7f, 0, 0}}
	clip, err := wav.Decode(bytes.NewReader(f.bytes()), limit)
	if err != nil {
		t.Fatal(err)
	}
	if want := []int16{32767, -32768, 1, 0}; !slices.Equal(clip.Samples, want) {
		t.Errorf("got %v, want %v", clip.Samples, want)
	}
}

func TestEncodeDecode(t *testing.T) {
	clip := audio.Clip{Format: audio.Format{Rate: 22050, Channels: 2}, Samples: []int16{0, 1, -1, 32767, -32768, 5}}
	var b bytes.Buffer
	if err := wav.Encode(&b, clip); err != nil {
		t.Fatal(err)
	}
	got, err := wav.DecodeFormat(&b, limit)
	if err != nil {
		t.Fatal(err)
	}
	if got.Format != clip.Format || !slices.Equal(got.Samples, clip.Samples) {
		t.Errorf("got %v", got)
	}
}

func TestEncodeRefuses(t *testing.T) {
	if err := wav.Encode(io.Discard, audio.Clip{Samples: []int16{1}}); err == nil {
		t.Error("a clip without a format was written")
	}
}

// TestRecordings decodes real files of people and of other programs.
func TestRecordings(t *testing.T) {
	files := recordings(t)
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		clip, err := wav.Decode(f, limit)
		f.Close()
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
			continue
		}
		if clip.Format != audio.Speech || clip.Duration() < 300*time.Millisecond {
			t.Errorf("%s: %v of %v", filepath.Base(name), clip.Duration(), clip.Format)
		}
	}
	t.Logf("%d files", len(files))
}

func recordings(t *testing.T) []string {
	t.Helper()
	shared := os.Getenv("HEARTH_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	var files []string
	filepath.WalkDir(filepath.Join(shared, "data", "voice"), func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".wav") {
			files = append(files, path)
		}
		return nil
	})
	if len(files) == 0 {
		t.Skip("no recordings: set HEARTH_SHARED to the folder that holds data/voice")
	}
	return files
}

func FuzzDecode(f *testing.F) {
	f.Add(plain(10 * time.Millisecond).bytes())
	f.Add(file{codec: 3, bits: 32, rate: 48000, channels: 2, extensible: true, before: chunk("LIST", []byte("odd")),
		data: encode(3, 32, tone(48000, 2, 5*time.Millisecond))}.bytes())
	f.Add(file{codec: 1, bits: 24, rate: 8001, channels: 3, dataSize: ptr(0), riffSize: ptr(0), data: make([]byte, 100)}.bytes())
	f.Add(file{codec: 0x55, bits: 16, rate: 16000, channels: 1, data: make([]byte, 10)}.bytes())
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVEdata\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, content []byte) {
		original, originalErr := wav.DecodeFormat(bytes.NewReader(content), time.Second)
		clip, err := wav.Decode(bytes.NewReader(content), time.Second)
		if (err == nil) != (originalErr == nil) {
			t.Fatalf("Decode: %v, DecodeFormat: %v", err, originalErr)
		}
		if err != nil {
			return
		}
		if len(clip.Samples) == 0 || clip.Duration() > time.Second+time.Millisecond {
			t.Errorf("lasts %v", clip.Duration())
		}
		if off := (clip.Duration() - original.Duration()).Abs(); off > time.Millisecond {
			t.Errorf("lasts %v after conversion, %v before", clip.Duration(), original.Duration())
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for _, rate := range []int{16000, 48000} {
		content := file{codec: 1, bits: 16, rate: uint32(rate), channels: 1, data: encode(1, 16, tone(rate, 1, 3*time.Second))}.bytes()
		b.Run(fmt.Sprintf("3s at %d Hz", rate), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := wav.Decode(bytes.NewReader(content), limit); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
