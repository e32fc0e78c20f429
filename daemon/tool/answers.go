package tool

import (
	"context"
	"fmt"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

// ask makes a call that only asks, on each of the entities, and gives their own parts of the answers.
func ask(ctx context.Context, q conversation.ModelQuestion, on []home.Entity, service string, data map[string]any) ([]map[string]any, error) {
	if q.Fetch == nil {
		return nil, conversation.ErrNotAllowed
	}
	answers := make([]map[string]any, len(on))
	for i, e := range on {
		response, err := q.Fetch(ctx, home.Call{Domain: e.Domain(), Service: service, Entity: e.ID, Data: data})
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", service, e.ID, err)
		}
		answers[i], _ = response[string(e.ID)].(map[string]any)
	}
	return answers, nil
}

// text is a field of an object, "" when it has none.
func text(item map[string]any, key string) string {
	s, _ := item[key].(string)
	return s
}

// chosen are the exposed entities of a domain that are called so, or all of them when nothing is said.
func chosen(s *home.Snapshot, domain, called string) ([]home.Entity, error) {
	accept := func(e home.Entity) bool { return e.Domain() == domain && e.Available() }
	if called != "" {
		found := find(s, called, accept)
		if len(found) == 0 {
			return nil, wrongly("of: nothing of that kind is called %q", called)
		}
		return found[:1], nil
	}
	var all []home.Entity
	for _, e := range s.Entities {
		if e.Exposed && accept(e) {
			all = append(all, e)
		}
	}
	return all[:min(len(all), maxAsked)], nil
}
