package intent

// skipTail lays out the skip words that may follow a sentence as it is heard, any number of them.
func (c *compiler) skipTail() int32 {
	if len(c.lang.skip.words) == 0 {
		return 0
	}
	end := c.g.add(node{op: opFinal, x: -1})
	tail := c.g.add(node{op: opSpace, r: 1, x: c.skipWords(end)})
	c.g.nodes[end].y = tail
	return tail
}

// heard lays out the sentences as they are heard, with the skip words that may come before one. A sentence
// inside another is one that neither begins with a wildcard nor has a sentence inside. A block whose metadata say
// "heard: false" is none of them: it is about sentences that others have.
func (c *compiler) heard() {
	var commands, all []int32
	reader := newAutomaton(c.g, nil, true)
	for i, root := range c.g.roots {
		if c.lang.blocks[c.lang.sentences[i].block].unheard {
			continue
		}
		all = append(all, root)
		if wild, command := reader.beginsWith(root); !wild && !command {
			commands = append(commands, root)
		}
	}
	c.g.commands = c.g.split(commands)
	again := c.g.add(node{op: opSplit})
	if len(c.lang.skip.words) > 0 {
		all = append(all, c.skipWords(c.g.add(node{op: opSpace, r: 1, x: again})))
	}
	c.g.nodes[again].x, c.g.nodes[again].y = int32(len(c.g.edges)), int32(len(all))
	for _, t := range all {
		c.g.edges = append(c.g.edges, edge{node: t})
	}
	c.g.heard = again
}

func (c *compiler) skipWords(next int32) int32 {
	targets := make([]int32, 0, len(c.lang.skip.words))
	for _, words := range c.lang.skip.words {
		targets = append(targets, c.text(string(words), cont{next, next})[0])
	}
	return c.g.split(targets)
}
