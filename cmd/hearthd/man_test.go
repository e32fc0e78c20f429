package main

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestManPage compares docs/hearthd.1 with the program: each command with its flags and arguments, and
// the environment variables of flags, must be in both or in neither.
func TestManPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/hearthd.1")
	if err != nil {
		t.Fatal(err)
	}
	program, page := manual{}, readManual(string(text))
	program.add(kong.Must(&cli{}, kong.Name("hearthd")).Model.Node, "")
	for command := range maps.Keys(program) {
		if page[command] == nil {
			t.Errorf("the man page lacks the command %q", command)
		}
	}
	for command, described := range page {
		compare(t, command, program[command], described)
	}
	for _, variable := range variables(kong.Must(&cli{}).Model.Flags) {
		if !strings.Contains(string(text), "\n.It Ev "+variable+"\n") {
			t.Errorf("the man page lacks the environment variable %s", variable)
		}
	}
}

func compare(t *testing.T, command string, program, page []string) {
	t.Helper()
	if program == nil {
		t.Errorf("the man page has the command %q, which does not exist", command)
		return
	}
	for _, option := range program {
		if !slices.Contains(page, option) {
			t.Errorf("the man page lacks %s of %q", option, command)
		}
	}
	for _, option := range page {
		if !slices.Contains(program, option) {
			t.Errorf("the man page has %s of %q, which does not exist", option, command)
		}
	}
}

// A manual is the options of each command, never nil: "--wav", "-c", "sentence". The options of every
// command are those of "".
type manual map[string][]string

// add takes in a command, unless it only groups others, and those below it.
func (m manual) add(n *kong.Node, path string) {
	if n.Leaf() || path == "" {
		m[path] = options(n)
	}
	for _, child := range n.Children {
		if !child.Hidden {
			m.add(child, strings.TrimSpace(path+" "+child.Name))
		}
	}
}

func options(n *kong.Node) []string {
	all := []string{}
	for _, f := range n.Flags {
		if f.Hidden {
			continue
		}
		all = append(all, "--"+f.Name)
		if f.Short != 0 {
			all = append(all, "-"+string(f.Short))
		}
	}
	for _, argument := range n.Positional {
		all = append(all, argument.Name)
	}
	return all
}

func variables(flags []*kong.Flag) []string {
	var all []string
	for _, f := range flags {
		all = append(all, f.Envs...)
	}
	return all
}

var (
	manSection = regexp.MustCompile(`^\.S[hs] (.+)$`)
	manFlag    = regexp.MustCompile(`\bFl (-?[\w-]+)`)
	manAr      = regexp.MustCompile(`^\.It Ar (\w+)$`)
)

// readManual reads the lists below OPTIONS, and below each command's own heading in COMMANDS.
func readManual(page string) manual {
	m := manual{"": {}}
	section, command, reading := "", "", false
	for line := range strings.Lines(page) {
		line = strings.TrimSuffix(line, "\n")
		if heading := manSection.FindStringSubmatch(line); heading != nil {
			command = ""
			if strings.HasPrefix(line, ".Sh") {
				section = heading[1]
			} else if section == "COMMANDS" {
				command = heading[1]
				m[command] = []string{}
			}
			reading = section == "OPTIONS" || command != ""
			continue
		}
		if reading {
			m[command] = append(m[command], items(line)...)
		}
	}
	return m
}

// items are the options that a line of a list names.
func items(line string) []string {
	var all []string
	if !strings.HasPrefix(line, ".It ") {
		return nil
	}
	for _, f := range manFlag.FindAllStringSubmatch(line, -1) {
		all = append(all, "-"+f[1])
	}
	if argument := manAr.FindStringSubmatch(line); argument != nil {
		all = append(all, argument[1])
	}
	return all
}
