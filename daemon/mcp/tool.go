package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// A Tool is one of a server's. What it tells was written by strangers. A language model may use it to look something
// up; one that does more than that is an errand, which a person has to agree to.
type Tool struct {
	client *Client
	name   string // "weather.forecast"
	remote string // as the server calls it
	hint   string
	form   json.RawMessage
	reads  bool // it says that it changes nothing
}

// Name is what a model calls it: the server's name and its own, "weather.forecast".
func (t *Tool) Name() string { return t.name }

// Hint is what the server says of it, in one short line.
func (t *Tool) Hint() string { return t.hint }

// Form is the JSON schema of what it is asked with.
func (t *Tool) Form() json.RawMessage { return t.form }

// Leaves tells whether the server is asked when a model looks something up.
func (t *Tool) Leaves() bool { return t.reads }

// Look asks the server. Of a tool that may change something it returns a *conversation.ErrandError instead, and does
// nothing.
func (t *Tool) Look(ctx context.Context, _ conversation.ModelQuestion, with json.RawMessage) (string, error) {
	data, err := arguments(with)
	if err != nil {
		return "", err
	}
	if !t.reads {
		return "", &conversation.ErrandError{Call: conversation.ErrandCall(t.name, data)}
	}
	text, err := t.use(ctx, data)
	if errors.Is(err, errRefused) {
		return "It says that it could not: " + text, nil
	}
	return text, err
}

// errRefused says that a tool could not do what it was asked. Why is a text of the server's, and in no error: errors
// are logged.
var errRefused = errors.New("the server could not do it")

// maxArguments bounds what a tool is asked with, in bytes.
const maxArguments = 8 << 10

// arguments wants an object.
func arguments(with json.RawMessage) (map[string]any, error) {
	if len(with) > maxArguments {
		return nil, fmt.Errorf("%w: with: it has %d bytes: send at most %d", conversation.ErrAskedWrongly, len(with), maxArguments)
	}
	data := map[string]any{}
	if len(bytes.TrimSpace(with)) == 0 {
		return data, nil
	}
	if err := json.Unmarshal(with, &data); err != nil || data == nil {
		return nil, fmt.Errorf("%w: with: it is not an object: send one that fits the form", conversation.ErrAskedWrongly)
	}
	return data, nil
}

// use calls the tool, for so long at most, and returns what it says, also with errRefused.
func (t *Tool) use(ctx context.Context, data map[string]any) (text string, err error) {
	session := t.client.session.Load()
	if session == nil {
		return "", fmt.Errorf("%s: %w", t.name, errGone)
	}
	ctx, cancel := context.WithTimeout(ctx, t.client.times.call)
	defer cancel()
	var result *sdk.CallToolResult
	err = t.client.breaker.Do(func() (err error) {
		result, err = session.CallTool(ctx, &sdk.CallToolParams{Name: t.remote, Arguments: data})
		return err
	})
	switch {
	case err != nil && ctx.Err() != nil:
		err = context.Cause(ctx)
	case err == nil:
		if text = textOf(result); result.IsError {
			err = errRefused
		}
	}
	t.client.opts.Metrics.called(err)
	if err != nil {
		err = fmt.Errorf("%s: %w", t.name, err)
	}
	return text, err
}

// maxResult bounds what one call tells, in bytes: a small model reads a few hundred words in the time there is.
const maxResult = 8 << 10

// textOf is what a result says in words. Pictures and sounds are left out.
func textOf(result *sdk.CallToolResult) string {
	var b strings.Builder
	for _, content := range result.Content {
		if text, ok := content.(*sdk.TextContent); ok && b.Len() < maxResult {
			b.WriteString(text.Text + "\n")
		}
	}
	if b.Len() == 0 && result.StructuredContent != nil {
		if text, err := json.Marshal(result.StructuredContent); err == nil {
			b.Write(text)
		}
	}
	return cut(strings.TrimSpace(strings.ToValidUTF8(b.String(), "\uFFFD")), maxResult)
}

// cut is a text of so many bytes at most, with a mark where something is missing.
func cut(text string, size int) string {
	if len(text) <= size {
		return text
	}
	return strings.ToValidUTF8(text[:size], "") + " ..."
}

// hintOf is the first line of what a server says of its tool, without what could pass for something else in a prompt.
func hintOf(offered *sdk.Tool) string {
	line := strings.TrimSpace(offered.Description)
	if i := strings.IndexFunc(line, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }); i >= 0 {
		line = line[:i]
	}
	line = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || strings.ContainsRune("<>[]{}|", r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(line, ""))
	return cut(strings.TrimSpace(line), maxHint)
}

// objectForm is a schema as JSON, if it is one of an object.
func objectForm(schema any) (json.RawMessage, error) {
	text, err := json.Marshal(schema)
	if err != nil {
		return nil, errors.New("its form cannot be read")
	}
	var form struct {
		Type string `json:"type"`
	}
	switch {
	case len(text) > maxForm:
		return nil, fmt.Errorf("its form has %d bytes, at most %d are taken", len(text), maxForm)
	case json.Unmarshal(text, &form) != nil || form.Type != "object":
		return nil, errors.New("its form is not that of an object")
	}
	return text, nil
}

// Servers are the clients of all the owner's servers. They are the conversation.Errands.
type Servers []*Client

var _ conversation.Errands = Servers{}

// Tools are those of all servers that may be used now.
func (s Servers) Tools() []*Tool {
	var all []*Tool
	for _, c := range s {
		all = append(all, c.Tools()...)
	}
	return all
}

// Run implements conversation.Errands: it does what a person has agreed to.
func (s Servers) Run(ctx context.Context, call home.Call) (evidence string, err error) {
	for _, t := range s.Tools() {
		if t.name != call.Service {
			continue
		}
		text, err := t.use(ctx, call.Data)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("the server %s took it", t.client.opts.Name) + answered(text), nil
	}
	return "", fmt.Errorf("%s: no server offers it now", call.Service)
}

// answered is what a server said, in a clause of the record.
func answered(text string) string {
	if text == "" {
		return ""
	}
	return ": " + cut(strings.Join(strings.Fields(text), " "), maxHint)
}
