package convert

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// An array is one variable of a CTranslate2 model, row by row. Numbers are widened to float32.
type array struct {
	shape []int
	data  []float32
}

// weights are the variables of a model by name: "encoder/conv1/weight".
type weights map[string]array

// Bounds that no Whisper model comes near: a damaged file must not make us allocate the machine away.
const (
	maxVariables = 1 << 14
	maxDims      = 8
	maxBytes     = 4 << 30
)

// readWeights reads a model.bin of CTranslate2, binary version 6 (its python/ctranslate2/specs/model_spec.py
// writes it): little endian; version, specification, revision, then each variable with its name, shape,
// type and bytes.
func readWeights(file []byte) (weights, error) {
	r := &reader{Reader: bytes.NewReader(file)}
	if version := r.uint32(); r.err == nil && version != 6 {
		return nil, fmt.Errorf("version %d of the format, want 6", version)
	}
	if spec := r.string(); r.err == nil && spec != "WhisperSpec" {
		return nil, fmt.Errorf("a model of %q, want WhisperSpec", spec)
	}
	r.uint32() // revision of the specification: names did not change between them
	count := r.uint32()
	if count > maxVariables {
		return nil, fmt.Errorf("%d variables, more than a Whisper model has", count)
	}
	w := make(weights, count)
	for range count {
		name := r.string()
		w[name] = r.array()
		if r.err != nil {
			return nil, fmt.Errorf("variable %q: %w", name, r.err)
		}
	}
	return w, r.err
}

// reader remembers its first error; after it every read gives zero.
type reader struct {
	*bytes.Reader
	err error
}

func (r *reader) bytes(n int) []byte {
	if r.err == nil && n > r.Len() {
		r.err = io.ErrUnexpectedEOF
	}
	if r.err != nil {
		return make([]byte, min(n, 8))
	}
	b := make([]byte, n)
	_, r.err = io.ReadFull(r, b)
	return b
}

func (r *reader) uint8() int     { return int(r.bytes(1)[0]) }
func (r *reader) uint32() uint32 { return binary.LittleEndian.Uint32(r.bytes(4)) }

func (r *reader) string() string {
	n := binary.LittleEndian.Uint16(r.bytes(2))
	return string(bytes.TrimRight(r.bytes(int(n)), "\x00"))
}

func (r *reader) array() (a array) {
	dims, elements := r.uint8(), 1
	if dims > maxDims {
		r.err = errors.Join(r.err, fmt.Errorf("%d dimensions", dims))
		return a
	}
	for range dims {
		n := int(r.uint32())
		a.shape = append(a.shape, n)
		if elements *= n; elements > maxBytes {
			r.err = errors.Join(r.err, fmt.Errorf("shape %v", a.shape))
			return a
		}
	}
	kind, size := r.uint8(), int(r.uint32())
	width, widen := elementType(kind)
	if r.err == nil && (widen == nil || size != elements*width) {
		r.err = fmt.Errorf("%d bytes of type %d for shape %v", size, kind, a.shape)
	}
	if r.err != nil {
		return a
	}
	raw := r.bytes(size)
	if r.err != nil {
		return a
	}
	a.data = make([]float32, elements)
	for i := range a.data {
		a.data[i] = widen(raw[i*width:])
	}
	return a
}

// elementType gives the width in bytes of one of CTranslate2's element types, and how to read it.
func elementType(kind int) (width int, widen func([]byte) float32) {
	switch kind {
	case 0:
		return 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
	case 1:
		return 1, func(b []byte) float32 { return float32(int8(b[0])) }
	case 2:
		return 2, func(b []byte) float32 { return float32(int16(binary.LittleEndian.Uint16(b))) }
	case 3:
		return 4, func(b []byte) float32 { return float32(int32(binary.LittleEndian.Uint32(b))) }
	case 4:
		return 2, func(b []byte) float32 { return halfFloat(binary.LittleEndian.Uint16(b)) }
	}
	return 0, nil
}

// halfFloat widens an IEEE 754 binary16.
func halfFloat(h uint16) float32 {
	sign, exponent, fraction := uint32(h&0x8000)<<16, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0: // zero and subnormal: fraction * 2^-24
		f := float32(fraction) / (1 << 24)
		return math.Float32frombits(math.Float32bits(f) | sign)
	case 0x1f: // infinity and not-a-number
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
