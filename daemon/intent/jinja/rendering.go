package jinja

import (
	"fmt"
	"strings"
)

// A rendering is one run of a template.
type rendering struct {
	given  Vars
	global scope
	scope  *scope
	out    strings.Builder
	steps  int
	calls  int
}

// A scope holds the variables of the template, of one turn of a loop, or of one call of a macro.
// What is set inside {% if %} stays in the scope around it.
type scope struct {
	vars  []binding
	outer *scope
}

type binding struct {
	name  string
	value any
}

func (s *scope) set(name string, value any) {
	for i := range s.vars {
		if s.vars[i].name == name {
			s.vars[i].value = value
			return
		}
	}
	s.vars = append(s.vars, binding{name, value})
}

func (r *rendering) lookup(name string) any {
	for s := r.scope; s != nil; s = s.outer {
		for i := range s.vars {
			if s.vars[i].name == name {
				return s.vars[i].value
			}
		}
	}
	if value, ok := r.given[name]; ok {
		return value
	}
	if value, ok := globals[name]; ok {
		return value
	}
	return undefined(name)
}

// step counts what a rendering does, so that it ends.
func (r *rendering) step(n int) error {
	if r.steps += n; r.steps > maxSteps {
		return fmt.Errorf("%w: more than %d steps", ErrBounds, maxSteps)
	}
	return nil
}
