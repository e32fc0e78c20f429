package whisper

import (
	"fmt"

	ort "github.com/yalue/onnxruntime_go"

	"hearth/audio/onnx"
)

// A decoding lengthens hypotheses about one clip, all of them by the same number of tokens at a time.
type decoding struct {
	model *model
	sound *encoding
	cache []ort.Value // keys and values of what was decoded: a row for each hypothesis of the last step
	probs []float32   // of the last step
}

func (m *model) decode(sound *encoding) (*decoding, error) {
	d := &decoding{model: m, sound: sound, cache: make([]ort.Value, 2*m.Layers)}
	for i := range d.cache {
		empty, err := ort.NewEmptyTensor[float32](ort.NewShape(1, int64(m.Heads), 0, int64(m.HeadWidth)))
		if err != nil {
			d.destroy()
			return nil, err
		}
		d.cache[i] = empty
	}
	return d, nil
}

func (d *decoding) destroy() { onnx.Destroy(d.cache) }

// step gives hypothesis i the tokens next[i], as a continuation of hypothesis from[i] of the step before,
// and returns the log probabilities of every token that may follow each, valid until the next step.
func (d *decoding) step(next [][]int, from []int) ([][]float32, error) {
	rows, added := int64(len(next)), int64(len(next[0]))
	ids := make([]int64, 0, rows*added)
	parents := make([]int64, rows)
	for i, tokens := range next {
		for _, t := range tokens {
			ids = append(ids, int64(t))
		}
		parents[i] = int64(from[i])
	}
	tokens, err := ort.NewTensor(ort.NewShape(rows, added), ids)
	if err != nil {
		return nil, err
	}
	defer tokens.Destroy()
	rowsOf, err := ort.NewTensor(ort.NewShape(rows), parents)
	if err != nil {
		return nil, err
	}
	defer rowsOf.Destroy()
	return d.run(tokens, rowsOf)
}

func (d *decoding) run(tokens, from ort.Value) ([][]float32, error) {
	inputs := append([]ort.Value{tokens, from, d.sound.bias}, d.sound.cross...)
	inputs = append(inputs, d.cache...)
	outputs := make([]ort.Value, 1+len(d.cache))
	if err := d.model.decoder.Run(inputs, outputs); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	onnx.Destroy(d.cache)
	copy(d.cache, outputs[1:])
	defer outputs[0].Destroy()
	logprobs, ok := outputs[0].(*ort.Tensor[float32])
	if !ok {
		return nil, fmt.Errorf("decode: log probabilities are %v", outputs[0].DataType())
	}
	return d.split(logprobs.GetData()), nil
}

// split copies the rows out of the library's memory.
func (d *decoding) split(data []float32) [][]float32 {
	width := d.model.Vocabulary
	d.probs = append(d.probs[:0], data...)
	rows := make([][]float32, len(data)/width)
	for i := range rows {
		rows[i] = d.probs[i*width : (i+1)*width]
	}
	return rows
}
