package conformance

import (
	"errors"
	"testing"
)

// FuzzTestFile reads anything as a test file, and makes a home of it.
func FuzzTestFile(f *testing.F) {
	for _, s := range []string{
		"language: en\nfloors: [{name: Deck}]\nareas: [{name: Galley, floor: Deck, context_area: true}]\n" +
			"entities:\n  - {name: Main, domain: sail, state: 'on', area: Galley, attributes: {speed: 3}}\n" +
			"tests:\n  - sentences: [hoist main]\n    slots: {name: Main, n: [1, 2]}\n    response: hoisted\n",
		"timers: [{is_active: true, start_hours: 1, total_seconds_left: 90}]\nmedia: [{title: x}]\n",
		"tests: &a [*a]", "tests: [{sentences: {}}]", "a: !!binary x", "entities: [{is_exposed: perhaps}]", "\t", "\xff", "? ",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var file testFile
		if err := file.decode("x.yaml", raw); err != nil {
			var fault *FileError
			if !errors.As(err, &fault) || fault.Path != "x.yaml" {
				t.Fatalf("%v names no file", err)
			}
			return
		}
		names(file)
		contextArea(file)
		for _, e := range file.Entities {
			e.state()
		}
	})
}
