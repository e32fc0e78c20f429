// Command reference compares the engine with the matcher that the sentence templates are written for,
// Python hassil: both are told the same sentences in the same homes, and must choose the same intent, slot
// combination, response, slots and captures, or nothing. Then it prints how long each took. It needs an
// interpreter with hassil; `make reference` makes one.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"hearth/daemon/intent"
)

func main() {
	var c comparison
	flag.StringVar(&c.interpreter, "python", "python3", "interpreter that has hassil")
	flag.StringVar(&c.sentences, "sentences", filepath.Join(os.Getenv("HEARTH_ASSETS"), "sentences"), "folder of language files")
	flag.StringVar(&c.tests, "tests", "", "folder of published tests, whose sentences are timed")
	languages := flag.String("lang", "", "languages, with commas between; all unless given")
	flag.Uint64Var(&c.seed, "seed", 1, "of the homes and sentences")
	flag.IntVar(&c.count, "count", 200, "sentences to draw from the templates of each language")
	flag.IntVar(&c.show, "show", 5, "differences to print of each class and language")
	record := flag.String("record", "", "file to write what both agree upon to")
	flag.BoolVar(&c.timing, "times", true, "compare times, too")
	flag.Parse()
	runtime.GOMAXPROCS(1) // as the reference
	if *languages != "" {
		c.languages = strings.Split(*languages, ",")
	}
	if err := c.recordTo(*record); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
	if err := c.run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

type comparison struct {
	interpreter, sentences, tests string
	languages                     []string
	seed                          uint64
	count, show                   int
	timing                        bool
	record                        *json.Encoder

	all         times
	rows        []string // of the table of times
	differences int
}

// recordTo begins a record; it is whole when the process ends.
func (c *comparison) recordTo(path string) error {
	if path == "" {
		return nil
	}
	f, err := os.Create(path)
	if err == nil {
		c.record = json.NewEncoder(f)
	}
	return err
}

func (c *comparison) run(out io.Writer) error {
	paths, err := filepath.Glob(filepath.Join(c.sentences, "*.json"))
	if err != nil {
		return err
	}
	p, err := startPython(c.interpreter)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%-8s %9s %9s %11s\n", "language", "sentences", "explained", "differences")
	for _, path := range paths {
		code := strings.TrimSuffix(filepath.Base(path), ".json")
		if code == "intents" || c.languages != nil && !slices.Contains(c.languages, code) {
			continue
		}
		if err := c.language(out, p, path); err != nil {
			return fmt.Errorf("compare %s: %w", code, err)
		}
	}
	c.table(out)
	if err := p.stop(); err != nil {
		return err
	}
	if c.differences > 0 {
		return fmt.Errorf("%d differences with seed %d", c.differences, c.seed)
	}
	return nil
}

func (c *comparison) language(out io.Writer, p *python, path string) error {
	language, err := intent.Load(path)
	if err != nil {
		return err
	}
	v, err := p.load(path)
	if err != nil {
		return err
	}
	d := differ{python: p, language: language, spaces: v.Spaces, out: out, show: c.show, record: c.record, counts: map[class]int{}}
	if err := d.run(v, c.seed, c.count); err != nil {
		return err
	}
	c.differences += d.differences()
	fmt.Fprintf(out, "%-8s %9d %9d %11d\n", language.Code, d.sentences, d.explained, d.differences())
	if c.timing {
		return c.times(p, language, v)
	}
	return nil
}

// times adds the rows of one language: its published tests, homes of two sizes in English, and a home of 40
// entities in languages whose tests are not there.
func (c *comparison) times(p *python, language *intent.Language, v vocabulary) error {
	if _, err := os.Stat(filepath.Join(c.tests, language.Code)); c.tests != "" && err == nil {
		t, err := published(p, language, c.tests)
		if err != nil {
			return err
		}
		c.row(language.Code+", published tests", t)
	} else {
		t, err := inHome(p, language, v, c.seed, entitiesPerHome)
		if err != nil {
			return err
		}
		c.row(language.Code, t)
	}
	if language.Code != "en" {
		return nil
	}
	for _, entities := range []int{89, 1000} {
		t, err := inHome(p, language, v, c.seed, entities)
		if err != nil {
			return err
		}
		c.row(fmt.Sprintf("en, %d entities", entities), t)
	}
	return nil
}

func (c *comparison) row(name string, t times) {
	c.all.add(t)
	c.rows = append(c.rows, t.row(name))
}

func (c *comparison) table(out io.Writer) {
	if len(c.rows) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%-24s %9s %13s %13s %8s\n", "median times", "sentences", "hassil", "engine", "ratio")
	for _, row := range append(c.rows, c.all.row("all")) {
		fmt.Fprintln(out, row)
	}
}
