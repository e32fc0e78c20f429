package gate

// Sessions is how many sessions the limiter remembers.
func (g *Gate) Sessions() int {
	g.limiter.mu.Lock()
	defer g.limiter.mu.Unlock()
	return len(g.limiter.buckets)
}
