package convert

import "math"

// The layers that encoder and decoder share. A sequence has shape [B, T, D]: beams, positions, width;
// attention works on [B, H, T, D/H] for H heads.

// dims are the sizes of one Whisper model.
type dims struct {
	layers int // of the decoder
	heads  int
	width  int // D
	words  int // tokens in the vocabulary
}

// linear is a fully connected layer.
func (g *graph) linear(x, layer string) string {
	y := g.product(x, layer+"/weight")
	if _, ok := g.weights[layer+"/bias"]; !ok { // Whisper's keys have none
		return y
	}
	return g.op("Add", []string{y, g.variable(layer+"/bias", 1)})
}

func (g *graph) norm(x, layer string) string {
	inputs := []string{x, g.variable(layer+"/gamma", 1), g.variable(layer+"/beta", 1)}
	return g.op("LayerNormalization", inputs, attribute{"axis", -1}, attribute{"epsilon", float32(1e-5)})
}

// thirds cuts the last axis into n pieces of the model's width: queries, keys, values.
func (g *graph) thirds(x string, n int, d dims) []string {
	pieces := make([]string, n)
	for i := range pieces {
		pieces[i] = g.op("Slice", []string{x, g.ints(i * d.width), g.ints((i + 1) * d.width), g.ints(2)})
	}
	return pieces
}

func (g *graph) splitHeads(x string, d dims) string {
	y := g.op("Reshape", []string{x, g.ints(0, 0, d.heads, d.width/d.heads)})
	return g.op("Transpose", []string{y}, attribute{"perm", []int{0, 2, 1, 3}})
}

func (g *graph) joinHeads(x string, d dims) string {
	y := g.op("Transpose", []string{x}, attribute{"perm", []int{0, 2, 1, 3}})
	return g.op("Reshape", []string{y, g.ints(0, 0, d.width)})
}

// flip exchanges the last two axes of a tensor of four.
func (g *graph) flip(x string) string {
	return g.op("Transpose", []string{x}, attribute{"perm", []int{0, 1, 3, 2}})
}

// attend is scaled dot-product attention; keys are [B, H, D/H, T], bias is added to the scores.
func (g *graph) attend(queries, keys, values, bias string, d dims) string {
	scale := g.scalar(float32(math.Sqrt(float64(d.heads) / float64(d.width))))
	scores := g.op("MatMul", []string{g.op("Mul", []string{queries, scale}), keys})
	scores = g.op("Add", []string{scores, bias})
	weights := g.op("Softmax", []string{scores}, attribute{"axis", -1})
	return g.joinHeads(g.op("MatMul", []string{weights, values}), d)
}

// feedForward is the block after the attentions, with its residual connection.
func (g *graph) feedForward(x, layer string) string {
	y := g.linear(g.norm(x, layer+"/layer_norm"), layer+"/linear_0")
	y = g.linear(g.op("Gelu", []string{y}), layer+"/linear_1")
	return g.op("Add", []string{x, y})
}
