package wake

import (
	"errors"
	"fmt"
	"path/filepath"

	ort "github.com/yalue/onnxruntime_go"

	"hearth/audio/onnx"
)

// Files of a model's folder, as k2-fsa publishes them.
const (
	encoderFile = "encoder.int8.onnx"
	decoderFile = "decoder.onnx"
	joinerFile  = "joiner.int8.onnx"
	tokensFile  = "tokens.txt"
	scoresFile  = "bpe.vocab"
)

// Sizes of the model (its metadata). A file of other sizes is refused when it is first run.
const (
	chunkFrames  = 45 // frames that the encoder looks at,
	chunkStep    = 32 // of which it is done with so many
	soundRows    = 8  // rows of sound that it makes of them, 40 ms each
	rowFrames    = chunkStep / soundRows
	width        = 320 // numbers in a row
	tokens       = 500
	blank        = 0 // the token of no piece
	unknown      = 2 // the token of a piece that is not known
	encoderParts = 6
)

// A model is a streaming Zipformer transducer: the encoder turns frames of sound into rows, the decoder the last two
// tokens into another row, and the joiner a pair of those into the likelihoods of the next token.
type model struct {
	encoder, decoder, joiner *ort.DynamicAdvancedSession

	sound *ort.Tensor[float32]
	rows  *ort.Tensor[float32]
	// What the encoder remembers of the sound so far: it reads one set and writes the other.
	now, next []ort.Value

	last    *ort.Tensor[int64] // two tokens
	said    *ort.Tensor[float32]
	row     *ort.Tensor[float32]
	logits  *ort.Tensor[float32]
	decoded map[[2]int64][]float32 // what the decoder made of pairs of tokens
}

// decodedPairs bounds the memory of the decoder's results, of width numbers each.
const decodedPairs = 1000

func openModel(dir string, threads int) (m *model, err error) {
	m = &model{decoded: map[[2]int64][]float32{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.close())
		}
	}()
	inputs, outputs := []string{"x"}, []string{"encoder_out"}
	for _, name := range memoryNames() {
		inputs, outputs = append(inputs, name), append(outputs, "new_"+name)
	}
	if m.encoder, err = onnx.Open(filepath.Join(dir, encoderFile), threads, inputs, outputs); err != nil {
		return m, err
	}
	if m.decoder, err = onnx.Open(filepath.Join(dir, decoderFile), threads, []string{"y"}, []string{"decoder_out"}); err != nil {
		return m, err
	}
	m.joiner, err = onnx.Open(filepath.Join(dir, joinerFile), threads, []string{"encoder_out", "decoder_out"}, []string{"logit"})
	if err != nil {
		return m, err
	}
	return m, m.allocate()
}

// memoryNames are the encoder's inputs besides the sound, in the order of memoryShapes.
func memoryNames() (names []string) {
	for part := range encoderParts {
		for _, kind := range []string{"key", "nonlin_attn", "val1", "val2", "conv1", "conv2"} {
			names = append(names, fmt.Sprintf("cached_%s_%d", kind, part))
		}
	}
	return append(names, "embed_states", "processed_lens")
}

// memoryShapes are those of the numbers; the last input is a count.
func memoryShapes() (shapes []ort.Shape) {
	context := [encoderParts]int64{64, 32, 16, 8, 16, 32} // rows that each part looks back at
	kernel := [encoderParts]int64{15, 15, 7, 7, 7, 15}
	for part := range encoderParts {
		heads := int64(4)
		if part == 3 {
			heads = 8
		}
		rows, convolution := context[part], ort.NewShape(1, 128, kernel[part])
		shapes = append(shapes, ort.NewShape(rows, 1, 32*heads), ort.NewShape(1, 1, rows, 96),
			ort.NewShape(rows, 1, 12*heads), ort.NewShape(rows, 1, 12*heads), convolution, convolution)
	}
	return append(shapes, ort.NewShape(1, 128, 3, 19))
}

// allocate makes all tensors once: nothing is allocated while the model runs.
func (m *model) allocate() (err error) {
	numbers := func(shape ...int64) (t *ort.Tensor[float32]) {
		if err == nil {
			t, err = ort.NewEmptyTensor[float32](ort.NewShape(shape...))
		}
		return t
	}
	m.sound, m.rows = numbers(1, chunkFrames, bands), numbers(1, soundRows, width)
	m.said, m.row, m.logits = numbers(1, width), numbers(1, width), numbers(1, tokens)
	for _, set := range []*[]ort.Value{&m.now, &m.next} {
		for _, shape := range memoryShapes() {
			if t := numbers(shape...); t != nil {
				*set = append(*set, t)
			}
		}
		if err != nil {
			return err
		}
		processed, failed := ort.NewEmptyTensor[int64](ort.NewShape(1))
		if err = failed; err == nil {
			*set = append(*set, processed)
		}
	}
	if err == nil {
		m.last, err = ort.NewEmptyTensor[int64](ort.NewShape(1, 2))
	}
	return err
}

// reset forgets the sound so far.
func (m *model) reset() {
	for _, v := range m.now {
		switch t := v.(type) {
		case *ort.Tensor[float32]:
			clear(t.GetData())
		case *ort.Tensor[int64]:
			clear(t.GetData())
		}
	}
}

// encode turns chunkFrames frames into soundRows rows, which are valid until the next call.
func (m *model) encode(frames []float32) ([]float32, error) {
	copy(m.sound.GetData(), frames)
	inputs := append([]ort.Value{m.sound}, m.now...)
	outputs := append([]ort.Value{m.rows}, m.next...)
	if err := m.encoder.Run(inputs, outputs); err != nil {
		return nil, fmt.Errorf("encode sound: %w", err)
	}
	m.now, m.next = m.next, m.now
	return m.rows.GetData(), nil
}

// join writes the logarithms of the likelihoods of each token after the last two, given a row of sound.
func (m *model) join(row []float32, last [2]int64, into []float32) error {
	said, err := m.decode(last)
	if err != nil {
		return err
	}
	copy(m.row.GetData(), row)
	copy(m.said.GetData(), said)
	if err := m.joiner.Run([]ort.Value{m.row, m.said}, []ort.Value{m.logits}); err != nil {
		return fmt.Errorf("join sound and tokens: %w", err)
	}
	logSoftmax(into, m.logits.GetData())
	return nil
}

// decode remembers what it gives: the same few pairs come again and again.
func (m *model) decode(last [2]int64) ([]float32, error) {
	if said, ok := m.decoded[last]; ok {
		return said, nil
	}
	copy(m.last.GetData(), last[:])
	if err := m.decoder.Run([]ort.Value{m.last}, []ort.Value{m.said}); err != nil {
		return nil, fmt.Errorf("decode tokens: %w", err)
	}
	if len(m.decoded) >= decodedPairs {
		clear(m.decoded)
	}
	said := append([]float32(nil), m.said.GetData()...)
	m.decoded[last] = said
	return said, nil
}

func (m *model) close() error {
	var errs []error
	for _, session := range []*ort.DynamicAdvancedSession{m.encoder, m.decoder, m.joiner} {
		if session != nil {
			errs = append(errs, session.Destroy())
		}
	}
	onnx.Destroy(m.now)
	onnx.Destroy(m.next)
	for _, t := range []*ort.Tensor[float32]{m.sound, m.rows, m.said, m.row, m.logits} {
		if t != nil {
			errs = append(errs, t.Destroy())
		}
	}
	if m.last != nil {
		errs = append(errs, m.last.Destroy())
	}
	return errors.Join(errs...)
}
