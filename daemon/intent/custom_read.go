package intent

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	yamlparser "github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of one file of sentences.
const (
	maxCustomFile  = 1 << 20  // bytes
	maxCustomNodes = 200_000  // values read, those that aliases repeat included
	maxCustomDepth = 20       // values inside values of slots, context and metadata
	maxCustomLine  = 16 << 10 // bytes; the library's time grows with the square of how deep values nest in a line
	maxCustomOpen  = 1000     // brackets that are not closed, for the same reason
)

// ParseCustom reads one file of an owner's sentences. The name is for faults. Each fault takes away no more
// than the value it stands at; the Custom is nil when the file as a whole cannot be read. Whether a template
// is one is found when the sentences join a language (WithCustom).
//
//	language: en
//	intents:
//	  GoodNight:
//	    data:
//	      - sentences: ["good night [<everyone>]"]
//	        response: Sleep well.
//	expansion_rules:
//	  everyone: (everyone|all)
func ParseCustom(name string, text []byte) (*Custom, Faults) {
	if problem := unreadable(text); problem != "" {
		return nil, Faults{{File: name, Problem: problem}}
	}
	c := &Custom{digest: sha256.Sum256(text)}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	r := &customReader{source: &customSource{name: name, text: []rune(string(text))}, anchors: map[string]ast.Node{}}
	file, err := yamlparser.ParseBytes(text, 0, yamlparser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Faults{r.syntaxFault(err)}
	}
	for i, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case i > 0:
			r.fault(doc.Body, "this begins a second document", "one document")
		default:
			r.read(doc.Body, &c.file)
		}
	}
	return c, r.faults.Sorted()
}

// unreadable says why a file is not looked into, "" when it is.
func unreadable(text []byte) string {
	switch {
	case len(text) > maxCustomFile:
		return fmt.Sprintf("it has %d bytes, at most %d are read", len(text), maxCustomFile)
	case !utf8.Valid(text):
		return "it is not UTF-8"
	}
	open := 0
	for line := range bytes.Lines(text) {
		if len(line) > maxCustomLine {
			return fmt.Sprintf("it has a line of %d bytes, at most %d are read", len(line), maxCustomLine)
		}
		for _, b := range line {
			switch b {
			case '[', '{':
				open++
			case ']', '}':
				open = max(0, open-1)
			}
		}
		if open > maxCustomOpen {
			return fmt.Sprintf("more than %d brackets are not closed", maxCustomOpen)
		}
	}
	return ""
}

func (r *customReader) syntaxFault(err error) Fault {
	f := Fault{File: r.source.name, Problem: err.Error(), Want: "YAML, with sentences that begin with [ or { in quotes"}
	var located yaml.Error
	if errors.As(err, &located) {
		f.Problem = located.GetMessage()
		if t := located.GetToken(); t != nil && t.Position != nil {
			f.Line, f.Column = t.Position.Line, t.Position.Column
		}
	}
	return f
}

// A customReader walks over the syntax tree itself, because the library's decoder stops at the first fault
// and forgets where values stood.
type customReader struct {
	source  *customSource
	anchors map[string]ast.Node
	nodes   int
	faults  Faults
}

func (r *customReader) fault(n ast.Node, problem, want string) {
	at := r.placeOf(n)
	r.faults = append(r.faults, at.fault(problem, want))
}

// quotes are the styles of a scalar that are not plain text.
var quotes = map[token.Type]rune{
	token.DoubleQuoteType: '"', token.SingleQuoteType: '\'', token.LiteralType: '|', token.FoldedType: '>',
}

func (r *customReader) placeOf(n ast.Node) *place {
	p := &place{file: r.source, line: 1, column: 1}
	t := n.GetToken()
	switch n := n.(type) {
	case *ast.StringNode:
		p.quote = quotes[t.Type]
	case *ast.LiteralNode:
		t = n.Start
		p.quote = quotes[t.Type]
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			t = n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		t = n.Key.GetToken()
	}
	if t != nil && t.Position != nil {
		p.line, p.column = t.Position.Line, t.Position.Column
	}
	return p
}

// open is what a node stands for: an alias is what its anchor names. It is nil for nothing.
func (r *customReader) open(n ast.Node) ast.Node {
	for {
		if r.nodes++; r.nodes > maxCustomNodes {
			if r.nodes == maxCustomNodes+1 {
				r.fault(n, fmt.Sprintf("the file holds more than %d values", maxCustomNodes), "")
			}
			return nil
		}
		switch x := n.(type) {
		case *ast.AnchorNode:
			r.anchors[x.Name.GetToken().Value] = x.Value
			n = x.Value
		case *ast.AliasNode:
			named, ok := r.anchors[x.Value.GetToken().Value]
			if !ok {
				r.fault(n, "there is no anchor of this name above", "")
				return nil
			}
			n = named
		case *ast.TagNode:
			n = x.Value
		case *ast.NullNode, *ast.CommentGroupNode:
			return nil
		default:
			return n
		}
	}
}

// entries calls f with each key of a mapping and what it holds.
func (r *customReader) entries(n ast.Node, want string, f func(key string, at, value ast.Node)) {
	var values []*ast.MappingValueNode
	switch x := r.open(n).(type) {
	case nil:
		return
	case *ast.MappingNode:
		values = x.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{x}
	default:
		r.fault(x, "this is no section", want)
		return
	}
	first := map[string]int{}
	for _, entry := range values {
		t := entry.Key.GetToken()
		if line, twice := first[t.Value]; twice {
			r.fault(entry.Key, fmt.Sprintf("%q is written twice, first in line %d", t.Value, line), "one of the two")
			continue
		}
		first[t.Value] = t.Position.Line
		f(t.Value, entry.Key, entry.Value)
	}
}

// A key is what a section may hold under one name.
type key struct {
	name string
	read func(ast.Node)
}

// section reads a mapping of known keys.
func (r *customReader) section(n ast.Node, keys ...key) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	r.entries(n, "keys: "+strings.Join(names, ", "), func(name string, at, value ast.Node) {
		for _, k := range keys {
			if k.name == name {
				k.read(value)
				return
			}
		}
		r.fault(at, fmt.Sprintf("%q is not a key of this section", name), oneOf(name, names))
	})
}

// list calls f with each item of a sequence.
func (r *customReader) list(n ast.Node, f func(ast.Node)) {
	switch x := r.open(n).(type) {
	case nil:
	case *ast.SequenceNode:
		for _, item := range x.Values {
			f(item)
		}
	default:
		r.fault(x, "this is no list", "a list: each item on a line of its own after a dash")
	}
}

// phrase reads text, as it was written: `on` is the word and not a truth value.
func (r *customReader) phrase(n ast.Node) (phrase, bool) {
	opened := r.open(n)
	if opened == nil {
		r.fault(n, "there is nothing here", "text")
		return phrase{}, false
	}
	text, ok := written(opened)
	switch {
	case !ok:
		r.fault(opened, "this is no text", "text, in quotes if it begins with [ or { or holds a colon")
	case strings.TrimSpace(text) == "":
		r.fault(opened, "the text is empty", "text")
		ok = false
	}
	return phrase{text, r.placeOf(opened)}, ok
}

func written(n ast.Node) (string, bool) {
	switch x := n.(type) {
	case *ast.StringNode:
		return x.Value, true
	case *ast.LiteralNode:
		return x.Value.Value, true
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// phrases reads a list of texts.
func (r *customReader) phrases(n ast.Node) []phrase {
	var all []phrase
	r.list(n, func(item ast.Node) {
		if p, ok := r.phrase(item); ok {
			all = append(all, p)
		}
	})
	return all
}

func (r *customReader) flag(n ast.Node) bool {
	b, ok := r.open(n).(*ast.BoolNode)
	if !ok {
		r.fault(n, "this is no truth value", "true or false")
	}
	return ok && b.Value
}

// value reads anything: nil, bool, int, float64, string, []any or map[string]any.
func (r *customReader) value(n ast.Node, depth int) any {
	if depth > maxCustomDepth {
		r.fault(n, fmt.Sprintf("values are nested deeper than %d", maxCustomDepth), "")
		return nil
	}
	switch x := r.open(n).(type) {
	case nil:
		return nil
	case *ast.SequenceNode:
		all := []any{}
		for _, item := range x.Values {
			all = append(all, r.value(item, depth+1))
		}
		return all
	case *ast.MappingNode, *ast.MappingValueNode:
		all := map[string]any{}
		r.entries(x, "", func(key string, _, value ast.Node) { all[key] = r.value(value, depth+1) })
		return all
	case *ast.BoolNode:
		return x.Value
	case *ast.IntegerNode:
		return integer(x)
	case *ast.FloatNode:
		return x.Value
	default:
		text, ok := written(x)
		if !ok {
			r.fault(x, "this is no value", "text, a number, true or false, a list, or a section")
		}
		return text
	}
}

// integer is an int, or a float64 when the number is too large for one.
func integer(n *ast.IntegerNode) any {
	switch v := n.Value.(type) {
	case int64:
		return int(v)
	case uint64:
		if v > math.MaxInt64 {
			return float64(v)
		}
		return int(v)
	}
	return nil
}

// values reads a mapping of anything.
func (r *customReader) values(n ast.Node) map[string]any {
	var all map[string]any
	r.entries(n, "a section of names and values", func(name string, _, value ast.Node) {
		if all == nil {
			all = map[string]any{}
		}
		all[name] = r.value(value, 0)
	})
	return all
}
