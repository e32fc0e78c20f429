package whisper

import (
	"fmt"
	"math"

	ort "github.com/yalue/onnxruntime_go"

	"hearth/audio/onnx"
)

const (
	windowRows   = 1500 // of 20 ms: the 30 s that Whisper was trained on
	rowSamples   = 2 * hop
	silenceAfter = 25 // rows of silence kept after the clip: 0.5 s
	silenceRows  = 8  // rows of the remaining silence that one row stands for
)

// A sequence tells the encoder which row of the sound stands where in the window, and for how many.
type sequence struct {
	source, place []int64
	bias          []float32
}

// layOut keeps the rows of the clip and thins out the silence that fills the window.
func layOut(rows int) (s sequence) {
	for i := range rows {
		s.add(i, i, 1)
	}
	for i := rows; i < windowRows; i += silenceRows {
		n := min(silenceRows, windowRows-i)
		s.add(rows-2, i+n/2, n)
	}
	return s
}

func (s *sequence) add(source, place, count int) {
	s.source = append(s.source, int64(source))
	s.place = append(s.place, int64(place))
	s.bias = append(s.bias, float32(math.Log(float64(count))))
}

// An encoding is what the decoder looks at of one clip.
type encoding struct {
	cross []ort.Value // keys and values of each layer
	bias  ort.Value
}

func (e *encoding) destroy() {
	onnx.Destroy(e.cross)
	e.bias.Destroy()
}

// encode hears at most 30 s of 16 kHz sound.
func (m *model) encode(s *spectrum, samples []int16) (*encoding, error) {
	samples = samples[:min(len(samples), windowRows*rowSamples)]
	rows := min(windowRows, len(samples)/rowSamples+silenceAfter)
	seq := layOut(rows)
	n := ort.NewShape(int64(len(seq.source)))
	mel, err := ort.NewTensor(ort.NewShape(1, bands, int64(2*rows)), s.logMel(samples, 2*rows))
	if err != nil {
		return nil, err
	}
	defer mel.Destroy()
	source, err := ort.NewTensor(n, seq.source)
	if err != nil {
		return nil, err
	}
	defer source.Destroy()
	place, err := ort.NewTensor(n, seq.place)
	if err != nil {
		return nil, err
	}
	defer place.Destroy()
	bias, err := ort.NewTensor(n, seq.bias)
	if err != nil {
		return nil, err
	}
	e := &encoding{bias: bias, cross: make([]ort.Value, 2*m.Layers)}
	if err := m.encoder.Run([]ort.Value{mel, source, place, bias}, e.cross); err != nil {
		e.destroy()
		return nil, fmt.Errorf("encode %d samples: %w", len(samples), err)
	}
	return e, nil
}
