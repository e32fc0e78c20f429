package command

import (
	"slices"

	"hearth/daemon/home"
)

// searchQuery is the field of a media_player.play_media that says what to look for.
const searchQuery = "search_query"

// Completing is the Fetch of calls that were not made by Build, nil when they lack nothing: the items of a list by the
// names they have there, and what a player finds.
func Completing(calls []home.Call) *Fetch {
	f := &Fetch{}
	for _, c := range calls {
		look, ok := lookFor(c)
		if ok && !slices.ContainsFunc(f.Calls, func(other home.Call) bool { return other.Entity == c.Entity }) {
			f.Calls = append(f.Calls, look)
		}
	}
	if len(f.Calls) == 0 {
		return nil
	}
	f.fill = func(c home.Call, response map[string]any) (home.Call, error) {
		if own, ok := response[string(c.Entity)].(map[string]any); ok {
			response = own
		}
		switch {
		case asksForItem(c):
			return fillItem(c, response)
		case asksForMedia(c):
			query, _ := c.Data[searchQuery].(string)
			return playFirst(query)(c, response)
		}
		return c, nil
	}
	return f
}

// lookFor is the call that finds what another one lacks.
func lookFor(c home.Call) (home.Call, bool) {
	look := home.Call{Domain: c.Domain, Entity: c.Entity}
	switch {
	case asksForItem(c):
		look.Service, look.Data = "get_items", map[string]any{"status": []string{"needs_action", "completed"}}
	case asksForMedia(c):
		look.Service, look.Data = "search_media", map[string]any{searchQuery: c.Data[searchQuery]}
	}
	return look, look.Service != ""
}

func asksForItem(c home.Call) bool {
	return c.Name() == "todo.update_item" || c.Name() == "todo.remove_item"
}

func asksForMedia(c home.Call) bool {
	return c.Name() == "media_player.play_media" && c.Data[searchQuery] != nil
}
