package llm

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
)

const (
	maxCalls = 10 // of one answer: enough for "everything off" in a large room
	maxTold  = 6  // entities whose state one answer tells
	// longestReply is in characters, half a minute of speech. A server that holds the form does not let a small model go on.
	longestReply = 400
	longestText  = 200 // of a name, a message or a command
)

// A schema is the part of JSON Schema that Ollama turns into a grammar for the model's output.
type schema struct {
	Type       string     `json:"type,omitempty"`
	Enum       []string   `json:"enum,omitempty"`
	Properties properties `json:"properties,omitempty"`
	Required   []string   `json:"required,omitempty"`
	Items      *schema    `json:"items,omitempty"`
	MaxItems   int        `json:"maxItems,omitempty"`
	MaxLength  int        `json:"maxLength,omitempty"` // in characters
	Minimum    *int       `json:"minimum,omitempty"`
	Maximum    *int       `json:"maximum,omitempty"`
	AnyOf      []schema   `json:"anyOf,omitempty"`
}

// A property is one field of an object. The model writes them in their order here.
type property struct {
	name   string
	schema schema
}

type properties []property

// MarshalJSON writes an object that keeps the order.
func (p properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, one := range p {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(one.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(one.schema)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// object is an object whose required properties are all, less the given.
func object(p properties, optional ...string) schema {
	s := schema{Type: "object", Properties: p}
	for _, one := range p {
		if !slices.Contains(optional, one.name) {
			s.Required = append(s.Required, one.name)
		}
	}
	return s
}

// schema is the form of the answer: {"calls": [...], "tell": [...], "reply": "..."}. Where nothing can be called or told,
// it has only what can be.
func (q *question) schema() schema {
	var p properties
	if forms := q.callForms(); len(forms) > 0 {
		p = append(p, property{"calls", schema{Type: "array", MaxItems: maxCalls, Items: &schema{AnyOf: forms}}})
	}
	told := schema{Type: "string"}
	for _, e := range q.offered {
		if tells(e.ID) {
			told.Enum = append(told.Enum, string(e.ID))
		}
	}
	if len(told.Enum) > 0 {
		p = append(p, property{"tell", schema{Type: "array", MaxItems: maxTold, Items: &told}})
	}
	return object(append(p, property{"reply", schema{Type: "string", MaxLength: longestReply}}))
}

// callForms are the calls that this question may lead to: for each thing that can be called what it supports. What
// supports the same shares a form.
func (q *question) callForms() []schema {
	var forms []schema
	known := map[string]int{} // index in forms by what they ask
	add := func(id home.EntityID, rest properties) {
		key := id.Domain()
		for _, p := range rest {
			raw, _ := json.Marshal(p.schema) // which always can be written
			key += string(raw)
		}
		i, ok := known[key]
		if !ok {
			i = len(forms)
			known[key] = i
			forms = append(forms, object(append(properties{{"entity", schema{Type: "string"}}}, rest...)))
		}
		entity := &forms[i].Properties[0].schema
		entity.Enum = append(entity.Enum, string(id))
	}
	for _, t := range q.targets() {
		var bare []string
		for _, s := range t.services {
			if len(s.Fields) == 0 {
				bare = append(bare, s.Name)
			}
		}
		if len(bare) > 0 {
			add(t.id, properties{nameOf(bare...)})
		}
		for _, s := range t.services {
			if len(s.Fields) > 0 {
				add(t.id, properties{nameOf(s.Name), {"data", dataSchema(s)}})
			}
		}
	}
	return append(forms, q.groupForms()...)
}

func nameOf(services ...string) property {
	return property{"service", schema{Type: "string", Enum: services}}
}

func dataSchema(s command.Service) schema {
	p := make(properties, 0, len(s.Fields))
	var optional []string
	for _, f := range s.Fields {
		one := schema{Type: string(f.Kind), Enum: f.Choices}
		if f.Kind == command.Whole {
			low, high := int(math.Ceil(f.Min)), int(math.Floor(f.Max))
			one.Minimum, one.Maximum = &low, &high
		}
		if f.Kind == command.Text && len(f.Choices) == 0 {
			one.MaxLength = longestText
		}
		p = append(p, property{f.Name, one})
		if !f.Required {
			optional = append(optional, f.Name)
		}
	}
	return object(p, optional...)
}
