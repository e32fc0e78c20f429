package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"hearth/daemon/intent"
)

//go:embed reference.py
var program string

// A python is the reference matcher in a process of its own. It is not safe for concurrent use.
type python struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// startPython runs reference.py in an interpreter that has hassil.
func startPython(interpreter string) (*python, error) {
	p := &python{process: exec.Command(interpreter, "-c", program)}
	p.process.Stderr = os.Stderr
	var err error
	if p.in, err = p.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if err := p.process.Start(); err != nil {
		return nil, fmt.Errorf("start the reference matcher: %w", err)
	}
	return p, nil
}

func (p *python) stop() error {
	p.in.Close()
	return p.process.Wait()
}

// ask sends one request and reads its answer.
func (p *python) ask(request map[string]any, answer any) error {
	line, err := json.Marshal(request)
	if err != nil {
		return err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("ask the reference matcher: %w", err)
	}
	line, err = p.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the reference matcher gave no answer to %v: %w", request["op"], err)
	}
	return json.Unmarshal(line, answer)
}

// vocabulary is what a language is made of.
type vocabulary struct {
	Version string   `json:"version"` // of hassil
	Words   []string `json:"words"`   // of the templates' literal text
	Skip    []string `json:"skip"`    // skip words
}

// load makes the reference read a language file.
func (p *python) load(path string) (v vocabulary, err error) {
	return v, p.ask(map[string]any{"op": "load", "path": path}, &v)
}

// home gives the reference the names of a home.
func (p *python) home(names intent.Names) error {
	lists := map[string][][3]string{}
	for list, of := range map[string][]intent.Name{"name": names.Entities, "area": names.Areas, "floor": names.Floors} {
		lists[list] = [][3]string{}
		for _, n := range of {
			for _, text := range n.Names {
				lists[list] = append(lists[list], [3]string{text, text, n.Context["domain"]})
			}
		}
	}
	return p.ask(map[string]any{"op": "home", "names": lists}, &struct{}{})
}

// draw gives sentences that the templates allow in this home.
func (p *python) draw(seed uint64, count int) ([]string, error) {
	var answer struct {
		Sentences []string `json:"sentences"`
	}
	err := p.ask(map[string]any{"op": "draw", "seed": seed, "count": count}, &answer)
	return answer.Sentences, err
}

// recognize is what the reference makes of a sentence said in an area, "" for an unknown one.
func (p *python) recognize(text, area string) (r reading, err error) {
	return r, p.ask(map[string]any{"op": "recognize", "text": text, "area": area}, &r)
}

// A reading is what one of the two makes of a sentence; without an intent, it matches nothing.
type reading struct {
	Intent      string           `json:"intent"`
	Combination string           `json:"combination"`
	Response    string           `json:"response"`
	Slots       map[string]value `json:"slots"`
	Template    string           `json:"template,omitempty"`
	Error       string           `json:"error,omitempty"`
	Took        time.Duration    `json:"ns"`
}

type value struct {
	Value any    `json:"value"`
	Text  string `json:"text"`
}
