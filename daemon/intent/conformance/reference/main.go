// Command reference compares the engine with the matcher that the sentence templates are written for,
// Python hassil: both are told the same sentences in the same homes, and must choose the same intent, slot
// combination, response and slots, or nothing. It needs an interpreter with hassil; `make reference` has one.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"hearth/daemon/intent"
)

func main() {
	interpreter := flag.String("python", "python3", "interpreter that has hassil")
	sentences := flag.String("sentences", filepath.Join(os.Getenv("HEARTH_ASSETS"), "sentences"), "folder of language files")
	langs := flag.String("lang", "", "languages, with commas between; all unless given")
	seed := flag.Uint64("seed", 1, "of the homes and sentences")
	count := flag.Int("count", 200, "sentences drawn from the templates of a language")
	distorted := flag.Bool("distorted", true, "each sentence distorted, too")
	show := flag.Int("show", 5, "differences to print of each language")
	flag.Parse()
	if err := run(*interpreter, *sentences, *langs, *seed, *count, *distorted, *show); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

func run(interpreter, sentences, langs string, seed uint64, count int, distorted bool, show int) error {
	paths, err := filepath.Glob(filepath.Join(sentences, "*.json"))
	if err != nil {
		return err
	}
	p, err := startPython(interpreter)
	if err != nil {
		return err
	}
	total := 0
	for _, path := range paths {
		code := strings.TrimSuffix(filepath.Base(path), ".json")
		if code == "intents" || code == "baseline" || langs != "" && !strings.Contains(","+langs+",", ","+code+",") {
			continue
		}
		n, err := compareLanguage(p, path, code, seed, count, distorted, show)
		if err != nil {
			return fmt.Errorf("%s: %w", code, err)
		}
		total += n
	}
	fmt.Println("total", total)
	return p.stop()
}

func compareLanguage(p *python, path, code string, seed uint64, count int, distorted bool, show int) (int, error) {
	language, err := intent.Load(path)
	if err != nil {
		return 0, err
	}
	v, err := p.load(path)
	if err != nil {
		return 0, err
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	counts := map[string]int{}
	said := 0
	const perHome = 50
	for h := 0; h < count; h += perHome {
		names := drawHome(v.Words, rng)
		home := language.Home(names)
		if err := p.home(names); err != nil {
			return 0, err
		}
		texts, err := p.draw(rng.Uint64(), min(perHome, count-h))
		if err != nil {
			return 0, err
		}
		if distorted {
			for _, text := range texts {
				texts = append(texts, distort(text, v.Skip, rng))
			}
		}
		for _, text := range texts {
			area := here(names)
			known := rng.IntN(5) > 0
			id, name := area.ID, area.Names[0]
			if !known {
				id, name = "", ""
			}
			want, err := p.recognize(text, name)
			if err != nil {
				return 0, err
			}
			got := read(home, text, id)
			said++
			class := compare(want, got)
			if class == same {
				continue
			}
			counts[class]++
			if counts[class] <= show {
				fmt.Printf("%s %s: %q known=%v\n    reference %v\n    engine    %v\n", code, class, text, known, want, got)
			}
		}
	}
	n := 0
	for _, c := range counts {
		n += c
	}
	fmt.Printf("%-8s %6d sentences, %4d differences %v (seed %d)\n", code, said, n, counts, seed)
	return n, nil
}
