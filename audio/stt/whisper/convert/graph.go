package convert

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// A graph collects nodes and constants. Its methods give the name of their result. The first weight
// that is missing or has the wrong shape is remembered in err; what is built after it is void.
type graph struct {
	weights   weights
	nodes     []message
	constants []message
	inputs    []port
	outputs   []port
	known     map[string]bool // constants by name
	results   int
	err       error
}

func newGraph(w weights) *graph { return &graph{weights: w, known: map[string]bool{}} }

func (g *graph) encode() ([]byte, error) {
	return encodeModel(g.nodes, g.constants, g.inputs, g.outputs), g.err
}

// op adds a node with one result.
func (g *graph) op(kind string, inputs []string, attributes ...attribute) string {
	return g.ops(kind, 1, inputs, attributes...)[0]
}

// ops adds a node with several results.
func (g *graph) ops(kind string, results int, inputs []string, attributes ...attribute) []string {
	g.results++
	names := make([]string, results)
	for i := range names {
		names[i] = fmt.Sprintf("t%d_%d", g.results, i)
	}
	g.nodes = append(g.nodes, encodeNode(kind, inputs, names, attributes))
	return names
}

// output makes a result one of the graph's outputs.
func (g *graph) output(result string, p port) {
	g.nodes = append(g.nodes, encodeNode("Identity", []string{result}, []string{p.name}, nil))
	g.outputs = append(g.outputs, p)
}

// weight finds a variable and checks how many dimensions it has.
func (g *graph) weight(name string, dims int) array {
	a, ok := g.weights[name]
	if ok && len(a.shape) == dims {
		return a
	}
	if g.err == nil {
		g.err = fmt.Errorf("weight %s has shape %v, want %d dimensions", name, a.shape, dims)
	}
	return array{shape: make([]int, dims)}
}

// floats is a constant; it is written once however often it is used.
func (g *graph) floats(name string, shape []int, data []float32) string {
	if g.known[name] {
		return name
	}
	raw := make([]byte, 0, 4*len(data))
	for _, v := range data {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return g.constant(name, float32s, shape, raw)
}

// variable is a weight as a constant.
func (g *graph) variable(name string, dims int) string {
	a := g.weight(name, dims)
	return g.floats(name, a.shape, a.data)
}

func (g *graph) scalar(v float32) string { return g.floats(fmt.Sprintf("f%g", v), nil, []float32{v}) }

// ints is a vector of integers: shapes, axes, positions.
func (g *graph) ints(values ...int) string {
	raw := make([]byte, 0, 8*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(int64(v)))
	}
	return g.constant(fmt.Sprintf("i%d", values), int64s, []int{len(values)}, raw)
}

func (g *graph) constant(name string, element int, shape []int, raw []byte) string {
	if !g.known[name] {
		g.known[name] = true
		g.constants = append(g.constants, encodeTensor(name, element, shape, raw))
	}
	return name
}

// product multiplies x by the transpose of a weight of [outputs, inputs]. The weight is kept in 8 bits
// with one scale for each output; x is brought to 8 bits on the way (DynamicQuantizeLinear).
func (g *graph) product(x, name string) string {
	table, scales := g.quantised(name)
	q := g.ops("DynamicQuantizeLinear", 3, []string{x})
	sums := g.op("MatMulInteger", []string{q[0], table, q[2]})
	scale := g.op("Mul", []string{q[1], scales})
	return g.op("Mul", []string{g.op("Cast", []string{sums}, attribute{"to", float32s}), scale})
}

// quantised writes a weight of [outputs, inputs] as 8-bit integers [inputs, outputs] and the scale of
// each output.
func (g *graph) quantised(name string) (table, scales string) {
	table, scales = name+"/int8", name+"/scale"
	if g.known[table] {
		return table, scales
	}
	a := g.weight(name, 2)
	outputs, inputs := a.shape[0], a.shape[1]
	raw, scale := make([]byte, len(a.data)), make([]float32, outputs)
	for o := range outputs {
		row := a.data[o*inputs : (o+1)*inputs]
		scale[o] = max(slices.Max(row), -slices.Min(row))/127 + 1e-12
		for i, v := range row {
			raw[i*outputs+o] = byte(int8(math.RoundToEven(float64(v / scale[o]))))
		}
	}
	g.constant(table, int8s, []int{inputs, outputs}, raw)
	return table, g.floats(scales, []int{outputs}, scale)
}
