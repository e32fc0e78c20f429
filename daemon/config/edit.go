package config

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// A Setting is a field of the file, "home.url", and the text it is to hold.
type Setting struct{ Field, Value string }

// Parse is Load for text that is in no file: path only names it in faults. The configuration is returned
// beside its Faults too, with everything that could be read.
func Parse(path string, text []byte) (*Config, error) {
	return parse(path, text, (*Config).readSecrets)
}

// ParseWithoutSecrets is Parse for a file whose secrets are not there yet.
func ParseWithoutSecrets(path string, text []byte) (*Config, error) {
	return parse(path, text, noSecrets)
}

// CheckSetting tells whether there is a setting of that name that Edit can change.
func CheckSetting(field string) error {
	value := Default().text(field)
	switch {
	case !value.IsValid():
		return fmt.Errorf("there is no setting %q; man hearthd.yaml lists them", field)
	case value.Kind() != reflect.String:
		return fmt.Errorf("%s is no text: set it in the file itself", field)
	}
	return nil
}

// Text is the setting of that name; "" for one that is no text.
func Text(c *Config, field string) string {
	value := c.text(field)
	if !value.IsValid() || value.Kind() != reflect.String {
		return ""
	}
	return value.String()
}

// Edit returns the text of a configuration with these settings, which are all of one word or text, and all else
// as it was: comments, order and the way it is written. A setting that already holds its value is left alone.
// What Edit cannot change without a doubt it does not change, and says which lines the owner is to write.
func Edit(text []byte, settings []Setting) ([]byte, error) {
	want, faults := decoded(text)
	if len(faults) > 0 {
		return nil, faults
	}
	edited := string(text)
	for _, s := range slices.Backward(settings) { // each new one goes before the others
		field := want.text(s.Field)
		if field.String() == s.Value {
			continue
		}
		field.SetString(s.Value)
		edited = set(edited, s)
	}
	got, faults := decoded([]byte(edited))
	if got.at, want.at = nil, nil; len(faults) > 0 || !reflect.DeepEqual(got, want) {
		return nil, fmt.Errorf("the file is written in a way that Hearth does not dare to change; set in it yourself:\n%s", byHand(settings))
	}
	return []byte(edited), nil
}

func decoded(text []byte) (*Config, Faults) {
	c := Default()
	faults := c.decode(text)
	return c, faults
}

// text is the field of that name, the zero Value when there is none. Edit wants one that holds text.
func (c *Config) text(field string) reflect.Value {
	value := reflect.ValueOf(c).Elem()
	for key := range strings.SplitSeq(field, ".") {
		if value.Kind() != reflect.Struct {
			return reflect.Value{}
		}
		value, _ = fieldByKey(value, key)
	}
	return value
}

func byHand(settings []Setting) string {
	lines := make([]string, len(settings))
	for i, s := range settings {
		lines[i] = "  " + s.Field + ": " + scalar(s.Value)
	}
	return strings.Join(lines, "\n")
}

// set changes one setting as well as it can; Edit looks at what has become of it.
func set(text string, s Setting) string {
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return text
	}
	var root ast.Node
	if len(file.Docs) > 0 {
		root = file.Docs[0].Body
	}
	section, key, nested := strings.Cut(s.Field, ".")
	if !nested {
		return put(text, root, section, s.Value)
	}
	entry := entryOf(root, section)
	if entry == nil {
		return insert(text, root, section+":", key+": "+scalar(s.Value))
	}
	if entries, ok := entriesOf(entry.Value); ok && len(entries) == 0 && !isFlow(entry.Value) {
		return fill(text, entry, key+": "+scalar(s.Value))
	}
	return put(text, entry.Value, key, s.Value)
}

func entryOf(mapping ast.Node, key string) *ast.MappingValueNode {
	entries, _ := entriesOf(mapping)
	for _, e := range entries {
		if e.Key.GetToken().Value == key {
			return e
		}
	}
	return nil
}

func isFlow(node ast.Node) bool {
	m, ok := node.(*ast.MappingNode)
	return ok && m.IsFlowStyle
}

// put gives a key of a mapping its value.
func put(text string, mapping ast.Node, key, value string) string {
	entry := entryOf(mapping, key)
	if entry == nil {
		return insert(text, mapping, key+": "+scalar(value))
	}
	at, length := valueOf(text, entry)
	written := scalar(value)
	if length == 0 {
		written = " " + written
	}
	return text[:at] + written + text[at+length:]
}

// valueOf is where an entry's value stands in the text, or right behind the colon when it has none there.
func valueOf(text string, entry *ast.MappingValueNode) (at, length int) {
	value := entry.Value.GetToken()
	at, raw := offset(text, value), strings.TrimSpace(value.Origin)
	if !strings.HasPrefix(text[at:], raw) {
		return offset(text, entry.Start) + 1, 0
	}
	return at, len(raw)
}

// insert adds lines to a mapping: before its first key when it is a section, else at the end of the file. Each
// line but the first is deeper by two.
func insert(text string, mapping ast.Node, lines ...string) string {
	if isFlow(mapping) {
		return insertFlow(text, mapping.(*ast.MappingNode), lines)
	}
	entries, _ := entriesOf(mapping)
	if len(entries) > 0 && entries[0].Key.GetToken().Position.Column > 1 {
		first := entries[0].Key.GetToken()
		at := offset(text, first)
		indent := strings.Repeat(" ", first.Position.Column-1)
		return text[:at] + strings.TrimLeft(block(text, indent, lines), " ") + indent + text[at:]
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += newline(text)
	}
	return text + block(text, "", lines)
}

// insertFlow adds a key, or a section with one, to a mapping in braces.
func insertFlow(text string, mapping *ast.MappingNode, lines []string) string {
	added := lines[0]
	if len(lines) > 1 {
		added += " {" + lines[1] + "}"
	}
	if len(mapping.Values) > 0 {
		added += ", "
	}
	at := offset(text, mapping.Start) + 1
	return text[:at] + added + text[at:]
}

// fill gives a section that holds nothing its first line.
func fill(text string, section *ast.MappingValueNode, line string) string {
	at, length := valueOf(text, section)
	text = text[:at] + text[at+length:]
	indent := strings.Repeat(" ", section.Key.GetToken().Position.Column+1)
	end := strings.IndexByte(text[at:], '\n')
	if end < 0 {
		return text + newline(text) + indent + line + newline(text)
	}
	end += at + 1
	return text[:end] + block(text, indent, []string{line}) + text[end:]
}

func block(text, indent string, lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(indent + line + newline(text))
		indent += "  "
	}
	return b.String()
}

// newline is how the lines of a text end.
func newline(text string) string {
	if strings.Contains(text, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// offset is where a token begins. Its column counts characters.
func offset(text string, t *token.Token) int {
	at := 0
	for range t.Position.Line - 1 {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	column := 1
	for i := range text[at:] {
		if column == t.Position.Column {
			return at + i
		}
		column++
	}
	return len(text)
}

// plainText needs no quotes anywhere in YAML.
var plainText = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)*$`)

// scalar writes text as a value.
func scalar(text string) string {
	if plainText.MatchString(text) && !strings.EqualFold(text, "null") {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text) + `"`
}
