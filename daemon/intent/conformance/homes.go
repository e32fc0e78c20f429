package conformance

import (
	"errors"

	"hearth/daemon/intent"
)

// A Home is what one test file says its sentences in.
type Home struct {
	Names     intent.Names
	Where     intent.Where // the speaker's place; an area that has no name when the test does not say
	Sentences []string
}

// Homes reads the homes and sentences of a language's published tests, without what is expected of them.
func Homes(dir, language string) ([]Home, error) {
	files, err := findTests(dir)
	if err != nil {
		return nil, err
	}
	var homes []Home
	var faults []error
	for _, path := range files[language] {
		f, err := readTest(path)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		h := Home{Names: names(f), Where: contextArea(f)}
		for _, test := range f.Tests {
			h.Sentences = append(h.Sentences, test.Sentences...)
		}
		homes = append(homes, h)
	}
	return homes, errors.Join(faults...)
}
