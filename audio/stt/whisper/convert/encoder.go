package convert

import "fmt"

// encoder hears a clip once and gives, for each decoder layer, what its cross attention looks at.
//
//	mel  f32 [1, 80, frames]  log mel spectrum, 10 ms a frame; two frames make one row
//	src  i64 [S]              the row that each position of the sequence shows
//	pos  i64 [S]              and the place in the 30 s window that it is said to be at
//	bias f32 [S]              log of how many rows it stands for
//	cross_k{i} f32 [1, H, D/H, S], cross_v{i} f32 [1, H, S, D/H]
//
// Whisper was trained on windows of 30 s. Most of one is silence, whose rows are nearly alike: src, pos
// and bias let one row stand for several, which costs a seventh of the time and the same errors.
func encoder(w weights, d dims) ([]byte, error) {
	g := newGraph(w)
	g.inputs = []port{
		{"mel", float32s, []any{1, 80, "frames"}},
		{"src", int64s, []any{"S"}}, {"pos", int64s, []any{"S"}}, {"bias", float32s, []any{"S"}},
	}
	x := g.convolution("mel", "encoder/conv1", 1)
	x = g.convolution(x, "encoder/conv2", 2)
	x = g.op("Transpose", []string{x}, attribute{"perm", []int{0, 2, 1}})
	x = g.op("Gather", []string{x, "src"}, attribute{"axis", 1})
	places := g.variable("encoder/position_encodings/encodings", 2)
	x = g.op("Add", []string{x, g.op("Gather", []string{places, "pos"})})
	for i := 0; ; i++ {
		layer := fmt.Sprintf("encoder/layer_%d", i)
		if _, ok := w[layer+"/ffn/linear_0/weight"]; !ok {
			break
		}
		x = g.encoderLayer(x, layer, d)
	}
	x = g.norm(x, "encoder/layer_norm")
	for i := range d.layers {
		kv := g.thirds(g.linear(x, fmt.Sprintf("decoder/layer_%d/attention/linear_1", i)), 2, d)
		g.output(g.flip(g.splitHeads(kv[0], d)), d.crossKeys(i))
		g.output(g.splitHeads(kv[1], d), d.crossValues(i))
	}
	return g.encode()
}

func (g *graph) convolution(x, layer string, stride int) string {
	y := g.op("Conv", []string{x, g.variable(layer+"/weight", 3), g.variable(layer+"/bias", 1)},
		attribute{"kernel_shape", []int{3}}, attribute{"pads", []int{1, 1}}, attribute{"strides", []int{stride}})
	return g.op("Gelu", []string{y})
}

func (g *graph) encoderLayer(x, layer string, d dims) string {
	norm := g.norm(x, layer+"/self_attention/layer_norm")
	qkv := g.thirds(g.linear(norm, layer+"/self_attention/linear_0"), 3, d)
	y := g.attend(g.splitHeads(qkv[0], d), g.flip(g.splitHeads(qkv[1], d)), g.splitHeads(qkv[2], d), "bias", d)
	x = g.op("Add", []string{x, g.linear(y, layer+"/self_attention/linear_1")})
	return g.feedForward(x, layer+"/ffn")
}

func (d dims) crossKeys(layer int) port {
	return port{fmt.Sprintf("cross_k%d", layer), float32s, []any{1, d.heads, d.width / d.heads, "S"}}
}

func (d dims) crossValues(layer int) port {
	return port{fmt.Sprintf("cross_v%d", layer), float32s, []any{1, d.heads, "S", d.width / d.heads}}
}
