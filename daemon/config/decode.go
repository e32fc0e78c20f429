package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// decode lays a YAML document over c. It walks the syntax tree itself because the library's decoder
// stops at the first fault and forgets where values stood.
func (c *Config) decode(text []byte) Faults {
	c.at = map[string]position{}
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return Faults{syntaxFault(err)}
	}
	d := decoder{at: c.at}
	for i, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case i > 0:
			d.fault("", doc.Body, "", "a second document", "one document")
		default:
			d.mapping("", doc.Body, reflect.ValueOf(c).Elem())
		}
	}
	return d.faults
}

func syntaxFault(err error) Fault {
	f := Fault{Problem: err.Error(), Want: "YAML"}
	var located yaml.Error
	if errors.As(err, &located) {
		f.Problem = located.GetMessage()
		f.position = positionOf(located.GetToken())
	}
	return f
}

type decoder struct {
	at     map[string]position
	faults Faults
}

func (d *decoder) fault(field string, node ast.Node, value, problem, want string) {
	f := Fault{Field: field, Value: value, Problem: problem, Want: want, position: positionOf(node.GetToken())}
	d.faults = append(d.faults, f)
}

// mapping sets the fields of a struct from the keys of a mapping. A section without a value stays as it is.
func (d *decoder) mapping(path string, node ast.Node, into reflect.Value) {
	entries, ok := entriesOf(node)
	if !ok {
		d.fault(path, node, written(node), "is not a section", "keys: "+strings.Join(keysOf(into.Type()), ", "))
		return
	}
	seen := map[string]position{}
	for _, entry := range entries {
		key := entry.Key.GetToken().Value
		field := join(path, key)
		value, known := fieldByKey(into, key)
		first, twice := seen[key]
		switch {
		case !known:
			d.fault(field, entry.Key, "", "is not a setting", suggest(key, keysOf(into.Type())))
		case twice:
			d.fault(field, entry.Key, "", fmt.Sprintf("is set twice, first in line %d", first.Line), "one of the two")
		default:
			seen[key] = positionOf(entry.Key.GetToken())
			d.value(field, entry.Value, value)
		}
	}
}

// entriesOf are the keys and values of a mapping, none of an empty node; false when it is neither.
func entriesOf(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	case *ast.NullNode, *ast.CommentGroupNode:
		return nil, true
	}
	return nil, false
}

func (d *decoder) value(field string, node ast.Node, into reflect.Value) {
	if _, empty := node.(*ast.NullNode); empty || node == nil {
		return // as if the key were not there
	}
	d.at[field] = positionOf(node.GetToken())
	switch into.Kind() {
	case reflect.Struct:
		d.mapping(field, node, into)
	case reflect.Slice:
		d.list(field, node, into)
	default:
		d.scalar(field, node, into)
	}
}

func (d *decoder) list(field string, node ast.Node, into reflect.Value) {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		d.fault(field, node, written(node), "is not a list", "a list such as [a, b]")
		return
	}
	items := reflect.MakeSlice(into.Type(), len(sequence.Values), len(sequence.Values))
	for i, item := range sequence.Values {
		d.value(fmt.Sprintf("%s[%d]", field, i), item, items.Index(i))
	}
	into.Set(items)
}

func (d *decoder) scalar(field string, node ast.Node, into reflect.Value) {
	text, ok := scalarText(node)
	if !ok {
		d.fault(field, node, written(node), "is not a single value", "a "+kindOf(into))
		return
	}
	if problem, want := setScalar(into, text); problem != "" {
		d.fault(field, node, text, problem, want)
	}
}

// scalarText is a scalar as it was written, so that `device: off` is the word and not a truth value.
// Aliases are no scalars: a configuration says what it means where it stands.
func scalarText(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return node.GetToken().Value, true
	}
	return "", false
}

// setScalar parses text into a field; it says what is wrong with it and what is wanted, or "".
func setScalar(into reflect.Value, text string) (problem, want string) {
	switch into.Interface().(type) {
	case string:
		into.SetString(text)
	case bool:
		if text != "true" && text != "false" {
			return "is neither true nor false", "true or false"
		}
		into.SetBool(text == "true")
	case int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return "is not a whole number", "digits such as 4096"
		}
		into.SetInt(int64(n))
	case float64:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return "is not a number", "a number such as -0.5"
		}
		into.SetFloat(x)
	case time.Duration:
		span, err := time.ParseDuration(text)
		if err != nil {
			return "is not a duration", "a number with its unit such as 30s, 5m or 1h30m"
		}
		into.SetInt(int64(span))
	}
	return "", ""
}

func kindOf(v reflect.Value) string {
	switch v.Interface().(type) {
	case bool:
		return "true or false"
	case int:
		return "whole number"
	case float64:
		return "number"
	case time.Duration:
		return "duration such as 30s"
	}
	return "text"
}

func fieldByKey(section reflect.Value, key string) (reflect.Value, bool) {
	i := slices.Index(keysOf(section.Type()), key)
	if i < 0 {
		return reflect.Value{}, false
	}
	return section.Field(settings(section.Type())[i].Index[0]), true
}

func keysOf(section reflect.Type) []string {
	fields := settings(section)
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.Tag.Get("yaml")
	}
	return keys
}

// settings are the fields of a section that a file can set.
func settings(section reflect.Type) []reflect.StructField {
	var fields []reflect.StructField
	for f := range section.Fields() {
		if tag := f.Tag.Get("yaml"); tag != "" && tag != "-" {
			fields = append(fields, f)
		}
	}
	return fields
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// written is the beginning of what stands in the file.
func written(node ast.Node) string {
	line, _, more := strings.Cut(strings.TrimSpace(node.String()), "\n")
	if more {
		line += " ..."
	}
	return line
}

func positionOf(t *token.Token) position {
	if t == nil || t.Position == nil {
		return position{}
	}
	return position{Line: t.Position.Line, Column: t.Position.Column}
}
