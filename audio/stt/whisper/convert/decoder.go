package convert

import "fmt"

// decoder continues B hypotheses of equal length by N tokens each.
//
//	tokens   i64 [B, N]          what follows the P tokens that the cache holds
//	from     i64 [B]             which row of the cache each hypothesis continues: beams branch and end here
//	past_k{i}, past_v{i}         f32 [C, H, P, D/H], the cache of C hypotheses; P is 0 at first
//	cross_k{i}, cross_v{i}, bias as the encoder gave and got them, shared by all hypotheses
//	logprobs f32 [B, V]          natural log probability of each token after the last
//	k{i}, v{i} f32 [B, H, P+N, D/H]
func decoder(w weights, d dims) ([]byte, error) {
	g := newGraph(w)
	g.inputs = []port{{"tokens", int64s, []any{"B", "N"}}, {"from", int64s, []any{"B"}}, {"bias", float32s, []any{"S"}}}
	past := g.dimension("past_k0", 2)
	added := g.dimension("tokens", 1)
	end := g.op("Add", []string{past, added})
	x := g.embed(d, past, end)
	mask := g.causalMask(past, added, end)
	for i := range d.layers {
		x = g.decoderLayer(x, i, mask, d)
		g.inputs = append(g.inputs, d.cache("past_k", i, "C", "P"), d.cache("past_v", i, "C", "P"), d.crossKeys(i), d.crossValues(i))
	}
	last := g.op("Gather", []string{x, g.op("Squeeze", []string{g.ints(-1)})}, attribute{"axis", 1})
	scores := g.product(g.norm(last, "decoder/layer_norm"), "decoder/embeddings/weight")
	g.output(g.op("LogSoftmax", []string{scores}, attribute{"axis", -1}), port{"logprobs", float32s, []any{"B", d.words}})
	return g.encode()
}

// embed gives each token its vector and its place. The table of the projection at the end serves here
// too: one column for each token.
func (g *graph) embed(d dims, past, end string) string {
	table, scales := g.quantised("decoder/embeddings/weight")
	ids := g.op("Reshape", []string{"tokens", g.ints(-1)})
	x := g.op("Gather", []string{table, ids}, attribute{"axis", 1})
	x = g.op("Mul", []string{g.op("Cast", []string{x}, attribute{"to", float32s}), g.op("Gather", []string{scales, ids})})
	x = g.op("Transpose", []string{x}, attribute{"perm", []int{1, 0}})
	shape := g.op("Concat", []string{g.op("Shape", []string{"tokens"}), g.ints(d.width)}, attribute{"axis", 0})
	x = g.op("Reshape", []string{x, shape})
	places := g.variable("decoder/position_encodings/encodings", 2)
	return g.op("Add", []string{x, g.op("Slice", []string{places, past, end, g.ints(0)})})
}

// dimension is one entry of a tensor's shape, as a vector of one.
func (g *graph) dimension(x string, axis int) string {
	return g.op("Slice", []string{g.op("Shape", []string{x}), g.ints(axis), g.ints(axis + 1)})
}

// causalMask keeps the added tokens from seeing the ones after them: [N, P+N].
func (g *graph) causalMask(past, added, end string) string {
	shape := g.op("Concat", []string{added, end}, attribute{"axis", 0})
	all := g.op("Expand", []string{g.scalar(-1e9), shape})
	first := g.op("Squeeze", []string{g.op("Add", []string{past, g.ints(1)})})
	return g.op("Trilu", []string{all, first}, attribute{"upper", 1})
}

func (g *graph) decoderLayer(x string, i int, mask string, d dims) string {
	layer := fmt.Sprintf("decoder/layer_%d", i)
	norm := g.norm(x, layer+"/self_attention/layer_norm")
	qkv := g.thirds(g.linear(norm, layer+"/self_attention/linear_0"), 3, d)
	keys := g.remember(qkv[1], d.cache("k", i, "B", "P+N"), d)
	values := g.remember(qkv[2], d.cache("v", i, "B", "P+N"), d)
	y := g.attend(g.splitHeads(qkv[0], d), g.flip(keys), values, mask, d)
	x = g.op("Add", []string{x, g.linear(y, layer+"/self_attention/linear_1")})

	query := g.linear(g.norm(x, layer+"/attention/layer_norm"), layer+"/attention/linear_0")
	y = g.attend(g.splitHeads(query, d), d.crossKeys(i).name, d.crossValues(i).name, "bias", d)
	x = g.op("Add", []string{x, g.linear(y, layer+"/attention/linear_2")})
	return g.feedForward(x, layer+"/ffn")
}

// remember lengthens the cache that each hypothesis continues and gives it out for the next step.
func (g *graph) remember(x string, now port, d dims) string {
	continued := g.op("Gather", []string{"past_" + now.name, "from"}, attribute{"axis", 0})
	grown := g.op("Concat", []string{continued, g.splitHeads(x, d)}, attribute{"axis", 2})
	g.output(grown, now)
	return grown
}

func (d dims) cache(name string, layer int, hypotheses, positions string) port {
	return port{fmt.Sprint(name, layer), float32s, []any{hypotheses, d.heads, positions, d.width / d.heads}}
}
