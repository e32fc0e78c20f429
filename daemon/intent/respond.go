package intent

import (
	"fmt"
	"strings"
	"sync"

	"hearth/daemon/intent/jinja"
)

// Respond puts what was done into words: it renders the response that the result's template asks for. The
// text is one line, ready to be spoken; it is empty when the language has no such response. Errors are of
// type *jinja.Error.
func (l *Language) Respond(r Result, data ResponseData) (string, error) {
	key := r.Response
	if key == "" {
		key = "default"
	}
	return l.responses.render(r.Intent+"."+key, l.responseText(r.Intent, key), responseVars(r, data))
}

// Apology renders one of the language's error responses, "no_area" with {"area": "Attic"}. For a key that the
// language does not have, or that data does not fit, it is the language's general apology.
func (l *Language) Apology(key string, data map[string]any) string {
	for _, key := range []string{key, "handle_error"} {
		vars := make(jinja.Vars, len(data))
		for name, v := range data {
			vars[name] = responseValue(v)
		}
		if text, err := l.responses.render("errors."+key, l.errorText(key), vars); err == nil && text != "" {
			return text
		}
	}
	return ""
}

// responses are the response templates that were used before, compiled.
type responses struct{ compiled sync.Map } // by name: *jinja.Template

func (c *responses) render(name, source string, vars jinja.Vars) (string, error) {
	if source == "" {
		return "", nil
	}
	kept, ok := c.compiled.Load(name)
	if !ok {
		template, err := jinja.Parse(name, source)
		if err != nil {
			return "", fmt.Errorf("compile response: %w", err)
		}
		kept, _ = c.compiled.LoadOrStore(name, template)
	}
	text, err := kept.(*jinja.Template).Render(vars)
	if err != nil {
		return "", fmt.Errorf("render response: %w", err)
	}
	return strings.Join(strings.Fields(text), " "), nil
}
