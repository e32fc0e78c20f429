package llm

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"hearth/daemon/home"
)

// maxCalls is how many calls one answer may have: enough for "everything off" in a large room.
const maxCalls = 10

// A schema is the part of JSON Schema that Ollama turns into a grammar for the model's output.
type schema struct {
	Type       string     `json:"type,omitempty"`
	Enum       []string   `json:"enum,omitempty"`
	Properties properties `json:"properties,omitempty"`
	Required   []string   `json:"required,omitempty"`
	Items      *schema    `json:"items,omitempty"`
	MaxItems   int        `json:"maxItems,omitempty"`
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

// answerSchema is the form of an answer about this home: {"calls": [...], "reply": "..."}. A home
// without anything to act on has no calls.
func answerSchema(snapshot *home.Snapshot) schema {
	reply := property{"reply", schema{Type: "string"}}
	forms := callForms(snapshot)
	if len(forms) == 0 {
		return object(properties{reply})
	}
	calls := schema{Type: "array", MaxItems: maxCalls, Items: &schema{AnyOf: forms}}
	return object(properties{{"calls", calls}, reply})
}

// callForms are the calls this home knows: for each domain one form for all services without data,
// and one for each service that has some.
func callForms(snapshot *home.Snapshot) []schema {
	entities := map[string][]string{}
	for _, e := range snapshot.Entities {
		if e.Exposed && services[e.Domain()] != nil {
			entities[e.Domain()] = append(entities[e.Domain()], string(e.ID))
		}
	}
	var forms []schema
	for _, domain := range slices.Sorted(maps.Keys(entities)) {
		entity := property{"entity", schema{Type: "string", Enum: entities[domain]}}
		var bare []string
		for _, s := range services[domain] {
			if len(s.fields) == 0 {
				bare = append(bare, s.name)
				continue
			}
			forms = append(forms, object(properties{entity, nameOf(s.name), {"data", dataSchema(s)}}))
		}
		if len(bare) > 0 {
			forms = append(forms, object(properties{entity, nameOf(bare...)}))
		}
	}
	return forms
}

func nameOf(services ...string) property {
	return property{"service", schema{Type: "string", Enum: services}}
}

func dataSchema(s service) schema {
	p := make(properties, 0, len(s.fields))
	var optional []string
	for _, f := range s.fields {
		one := schema{Type: f.kind, Enum: f.choices}
		if f.kind == "integer" {
			low, high := int(f.min), int(f.max)
			one.Minimum, one.Maximum = &low, &high
		}
		p = append(p, property{f.name, one})
		if !f.required {
			optional = append(optional, f.name)
		}
	}
	return object(p, optional...)
}
