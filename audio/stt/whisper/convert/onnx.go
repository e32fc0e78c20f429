package convert

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Just enough of ONNX's protocol buffers to write a model. Field numbers: onnx/onnx.proto of the ONNX
// project, IR version 9; operators: its set 20.
const (
	irVersion = 9
	opset     = 20
)

// Element types of tensors (TensorProto.DataType).
const (
	float32s = 1
	int8s    = 3
	int64s   = 7
)

// message is an encoded protocol buffer message under construction.
type message []byte

func (m *message) varint(field int, v int64) {
	*m = binary.AppendUvarint(*m, uint64(field)<<3)
	*m = binary.AppendUvarint(*m, uint64(v))
}

func (m *message) bytes(field int, b []byte) {
	*m = binary.AppendUvarint(*m, uint64(field)<<3|2)
	*m = binary.AppendUvarint(*m, uint64(len(b)))
	*m = append(*m, b...)
}

func (m *message) string(field int, s string) { m.bytes(field, []byte(s)) }

func (m *message) float(field int, f float32) {
	*m = binary.AppendUvarint(*m, uint64(field)<<3|5)
	*m = binary.LittleEndian.AppendUint32(*m, math.Float32bits(f))
}

// An attribute is a constant parameter of a node: an int, a []int, or a float32.
type attribute struct {
	name  string
	value any
}

func (a attribute) encode() (m message) {
	m.string(1, a.name)
	switch v := a.value.(type) {
	case float32:
		m.float(2, v)
		m.varint(20, 1)
	case int:
		m.varint(3, int64(v))
		m.varint(20, 2)
	case []int:
		for _, i := range v {
			m.varint(8, int64(i))
		}
		m.varint(20, 7)
	}
	return m
}

// A port is an input or output of a graph; a dimension is an int, or a string that names an unknown one.
type port struct {
	name    string
	element int
	shape   []any
}

func (p port) encode() (m message) {
	var shape message
	for _, d := range p.shape {
		var dim message
		if n, ok := d.(int); ok {
			dim.varint(1, int64(n))
		} else {
			dim.string(2, fmt.Sprint(d))
		}
		shape.bytes(1, dim)
	}
	var tensor, kind message
	tensor.varint(1, int64(p.element))
	tensor.bytes(2, shape)
	kind.bytes(1, tensor)
	m.string(1, p.name)
	m.bytes(2, kind)
	return m
}

// encodeTensor names a constant.
func encodeTensor(name string, element int, shape []int, raw []byte) (m message) {
	for _, d := range shape {
		m.varint(1, int64(d))
	}
	m.varint(2, int64(element))
	m.string(8, name)
	m.bytes(9, raw)
	return m
}

// encodeNode is one operation with the names of what it takes and gives.
func encodeNode(kind string, inputs, outputs []string, attributes []attribute) (m message) {
	for _, s := range inputs {
		m.string(1, s)
	}
	for _, s := range outputs {
		m.string(2, s)
	}
	m.string(4, kind)
	for _, a := range attributes {
		m.bytes(5, a.encode())
	}
	return m
}

// encodeModel is the whole file.
func encodeModel(nodes, constants []message, inputs, outputs []port) (model message) {
	var graph, operators message
	for _, n := range nodes {
		graph.bytes(1, n)
	}
	graph.string(2, "whisper")
	for _, c := range constants {
		graph.bytes(5, c)
	}
	for _, p := range inputs {
		graph.bytes(11, p.encode())
	}
	for _, p := range outputs {
		graph.bytes(12, p.encode())
	}
	operators.varint(2, opset)
	model.varint(1, irVersion)
	model.string(2, "hearth")
	model.bytes(7, graph)
	model.bytes(8, operators)
	return model
}
