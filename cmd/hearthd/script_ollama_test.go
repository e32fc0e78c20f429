package main

import (
	"github.com/rogpeppe/go-internal/testscript"

	"hearth/daemon/llm/ollamatest"
)

// stopOllama is the key under which a script keeps how to stop its Ollama.
type stopOllama struct{}

// ollamaScript starts a real Ollama until the script ends, or stops it with "stop". OLLAMA_URL is its address.
func ollamaScript(ts *testscript.TestScript, _ bool, args []string) {
	running := ts.Value(stopOllama{}).(*func() error)
	stop := func() {
		if *running != nil {
			ts.Check((*running)())
			*running = nil
		}
	}
	stop()
	if len(args) > 0 {
		return
	}
	url, end, err := ollamatest.Run()
	ts.Check(err)
	*running = end
	ts.Defer(stop)
	ts.Setenv("OLLAMA_URL", url)
}
