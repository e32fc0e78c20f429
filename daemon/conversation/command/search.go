package command

import (
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// searchAndPlay looks for media with the player's own search and plays the first thing it finds.
func searchAndPlay(q request) (Command, error) {
	query := q.text("search_query")
	if query == "" {
		return Command{}, errorf(ErrBadSlot, "search_query of %s is empty", q.Intent)
	}
	player, err := q.player(control{can: all(feature(mediaPlayMedia), feature(mediaSearch))})
	if err != nil {
		return Command{}, err
	}
	search := map[string]any{"search_query": query}
	if class := q.text("media_class"); class != "" {
		search["media_filter_classes"] = []string{class}
	}
	c := act([]home.Entity{player}, func(e home.Entity) home.Call { return call(e, "play_media", nil) })
	c.Fetch = &Fetch{Calls: []home.Call{call(player, "search_media", search)}, apply: titles, fill: playFirst(query)}
	return c, nil
}

// titles puts what was found into the answer, the one that will play first.
func titles(answer *intent.ResponseData, response map[string]any) {
	for _, item := range Objects(response, "result") {
		if title, ok := item["title"].(string); ok {
			answer.Media = append(answer.Media, title)
		}
	}
}

func playFirst(query string) func(home.Call, map[string]any) (home.Call, error) {
	return func(c home.Call, response map[string]any) (home.Call, error) {
		for _, item := range Objects(response, "result") {
			id, _ := item["media_content_id"].(string)
			kind, _ := item["media_content_type"].(string)
			if id != "" && kind != "" {
				c.Data = map[string]any{"media_content_id": id, "media_content_type": kind}
				return c, nil
			}
		}
		return c, errorf(ErrNothingFound, "%q", query)
	}
}
