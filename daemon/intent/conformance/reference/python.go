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
		return nil, fmt.Errorf("start the reference matcher: %w", err)
	}
	out, err := p.process.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the reference matcher: %w", err)
	}
	p.out = bufio.NewReader(out)
	if err := p.process.Start(); err != nil {
		return nil, fmt.Errorf("start the reference matcher: %w", err)
	}
	return p, nil
}

// stop ends the process and waits for it.
func (p *python) stop() error {
	if err := p.in.Close(); err != nil {
		return fmt.Errorf("stop the reference matcher: %w", err)
	}
	if err := p.process.Wait(); err != nil {
		return fmt.Errorf("stop the reference matcher: %w", err)
	}
	return nil
}

// request is one line to reference.py, which says what each op takes and gives.
type request map[string]any

func (p *python) ask(r request, answer any) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("ask the reference matcher: %w", err)
	}
	line, err = p.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the reference matcher gave no answer to %s: %w", r["op"], err)
	}
	return json.Unmarshal(line, answer)
}

// vocabulary is what a language is made of.
type vocabulary struct {
	Version string   `json:"version"` // of hassil
	Words   []string `json:"words"`   // of the templates' literal text
	Skip    []string `json:"skip"`    // skip words
	Spaces  bool     `json:"spaces"`  // words have spaces between them
}

// load makes the reference read a language file.
func (p *python) load(path string) (v vocabulary, err error) {
	return v, p.ask(request{"op": "load", "path": path}, &v)
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
	return p.ask(request{"op": "home", "names": lists}, &struct{}{})
}

// A drawn sentence is one that a template allows, with the template's intent and slot combination. That the
// reference reads it so is not said: another template may fit better.
type drawn struct {
	Text        string `json:"text"`
	Intent      string `json:"intent"`
	Combination string `json:"combination"`
}

// draw gives sentences that the templates allow in this home.
func (p *python) draw(seed uint64, count int) (d []drawn, err error) {
	return d, p.ask(request{"op": "draw", "seed": seed, "count": count}, &d)
}

// variants are other ways to write a sentence.
func (p *python) variants(text string) (v []string, err error) {
	return v, p.ask(request{"op": "variants", "text": text}, &v)
}

// times are how long the reference takes for each of the texts, warm.
func (p *python) times(texts []string, area string) (d []time.Duration, err error) {
	return d, p.ask(request{"op": "times", "texts": texts, "area": area}, &d)
}

// recognize is what the reference makes of a sentence said in an area, "" for an unknown one.
func (p *python) recognize(text, area string) (r reading, err error) {
	return r, p.ask(request{"op": "recognize", "text": text, "area": area}, &r)
}
