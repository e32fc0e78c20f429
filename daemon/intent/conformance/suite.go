// Package conformance measures the sentence engine by the published tests of the sentence templates
// (OHF-Voice/intents, tests/<language>/<Intent>/<combination>.yaml), in the steps of their own runner:
// whether each sentence gives the intent, the slot combination, the slots and the response it should.
package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// A testFile is one <combination>.yaml. It names the home that its sentences are said in.
type testFile struct {
	intent      string // its folder
	combination string // its file name

	Floors   []namedFile  `yaml:"floors"`
	Areas    []areaFile   `yaml:"areas"`
	Entities []entityFile `yaml:"entities"`
	Timers   []timerFile  `yaml:"timers"`
	Media    []mediaFile  `yaml:"media"`
	Tests    []testCase   `yaml:"tests"`
}

type namedFile struct {
	Name string `yaml:"name"`
}

type areaFile struct {
	Name        string `yaml:"name"`
	Floor       string `yaml:"floor"`
	ContextArea flag   `yaml:"context_area"`
}

type entityFile struct {
	Name          string         `yaml:"name"`
	Domain        string         `yaml:"domain"`
	State         *stateFile     `yaml:"state"`
	StateWithUnit string         `yaml:"state_with_unit"`
	Area          string         `yaml:"area"`
	Attributes    map[string]any `yaml:"attributes"`
	Exposed       *flag          `yaml:"is_exposed"` // nil means yes
}

// A flag is a truth value as the published runner's YAML 1.1 has it: yes and on are true, no and off are false.
type flag bool

func (f *flag) UnmarshalYAML(unmarshal func(any) error) error {
	var word string
	if err := unmarshal(&word); err != nil {
		return err
	}
	switch strings.ToLower(word) {
	case "yes", "on":
		*f = true
		return nil
	case "no", "off":
		return nil
	}
	return unmarshal((*bool)(f))
}

// stateFile is a state in the language's words and in Home Assistant's, or Home Assistant's alone.
type stateFile struct{ in, out string }

func (s *stateFile) UnmarshalYAML(unmarshal func(any) error) error {
	if unmarshal(&s.out) == nil {
		return nil
	}
	var both struct {
		In  any `yaml:"in"`
		Out any `yaml:"out"`
	}
	if err := unmarshal(&both); err != nil {
		return err
	}
	s.in, s.out = fmt.Sprint(written(both.In)), fmt.Sprint(written(both.Out))
	return nil
}

// written is a value as the published runner writes it. A fraction of nothing stays: 21.0 is not 21.
func written(v any) any {
	if f, ok := v.(float64); ok && f == math.Trunc(f) {
		return json.Number(strconv.FormatFloat(f, 'f', 1, 64))
	}
	return v
}

type timerFile struct {
	Active       flag   `yaml:"is_active"`
	Name         string `yaml:"name"`
	Area         string `yaml:"area"`
	StartHours   int    `yaml:"start_hours"`
	StartMinutes int    `yaml:"start_minutes"`
	StartSeconds int    `yaml:"start_seconds"`
	SecondsLeft  int    `yaml:"total_seconds_left"`
	HoursLeft    int    `yaml:"rounded_hours_left"`
	MinutesLeft  int    `yaml:"rounded_minutes_left"`
	RoundedLeft  int    `yaml:"rounded_seconds_left"`
}

type mediaFile struct {
	Title string `yaml:"title"`
}

type testCase struct {
	Sentences []string       `yaml:"sentences"`
	Slots     map[string]any `yaml:"slots"`
	Response  string         `yaml:"response"`
	Timers    []timerFile    `yaml:"timers"`
	Media     []mediaFile    `yaml:"media"`
}

var errNoTests = errors.New("there are none: want <language>/<Intent>/<combination>.yaml")

// findTests gives the paths of the test files of each language in dir, or in the folder tests of dir.
func findTests(dir string) (map[string][]string, error) {
	if inner := filepath.Join(dir, "tests"); isFolder(inner) {
		dir = inner
	}
	paths, err := fs.Glob(os.DirFS(dir), "*/*/*.yaml")
	if err == nil && len(paths) == 0 {
		err = errNoTests
	}
	if err != nil {
		return nil, fmt.Errorf("find sentence tests in %s: %w", dir, err)
	}
	files := map[string][]string{}
	for _, path := range paths {
		language, _, _ := strings.Cut(path, "/")
		files[language] = append(files[language], filepath.Join(dir, filepath.FromSlash(path)))
	}
	return files, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// A FileError is a fault in a test file. Line and column count from 1; they are 0 when it could not be read at all.
type FileError struct {
	Path         string
	Line, Column int
	Err          error
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("read sentence tests %s: %v", e.Path, e.Err)
	}
	return fmt.Sprintf("read sentence tests %s:%d:%d: %v", e.Path, e.Line, e.Column, e.Err)
}

func (e *FileError) Unwrap() error { return e.Err }

// readTest reads one test file. Its errors are of type *FileError.
func readTest(path string) (testFile, error) {
	f := testFile{
		intent:      filepath.Base(filepath.Dir(path)),
		combination: strings.TrimSuffix(filepath.Base(path), ".yaml"),
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return f, &FileError{Path: path, Err: err}
	}
	return f, f.decode(path, raw)
}

// decode fills the file from YAML. Its errors are of type *FileError. The YAML library gives up on some tags
// ("!x 0" for a list) by a panic.
func (f *testFile) decode(path string, raw []byte) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = &FileError{Path: path, Err: fmt.Errorf("decode YAML: %v", fault)}
		}
	}()
	err = yaml.UnmarshalWithOptions(raw, f, yaml.AllowDuplicateMapKey())
	if err == nil {
		return nil
	}
	fault := &FileError{Path: path, Err: err}
	var located yaml.Error
	if errors.As(err, &located) {
		fault.Err = errors.New(located.GetMessage())
		if t := located.GetToken(); t != nil && t.Position != nil {
			fault.Line, fault.Column = t.Position.Line, t.Position.Column
		}
	}
	return fault
}

// Intents are the published facts about intents, intents.yaml or intents.json: which slots each slot
// combination has and which domains its entities may be of.
type Intents map[string]struct {
	Combinations map[string]combination `yaml:"slot_combinations"`
}

type combination struct {
	Slots       []string            `yaml:"slots"`
	ContextArea bool                `yaml:"context_area"`
	Names       map[string][]string `yaml:"name_domains"`     // by importance
	Inferred    map[string][]string `yaml:"inferred_domains"` // by importance
}

// ReadIntents reads intents.yaml or intents.json.
func ReadIntents(path string) (Intents, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read intents: %w", err)
	}
	var intents Intents
	if err := yaml.Unmarshal(raw, &intents); err != nil {
		return nil, fmt.Errorf("read intents %s: %w", path, err)
	}
	return intents, nil
}

// domains are all that are listed, whatever their importance.
func domains(byImportance map[string][]string) []string {
	var all []string
	for _, ds := range byImportance {
		all = append(all, ds...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
