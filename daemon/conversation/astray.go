package conversation

import (
	"cmp"
	"slices"
	"strings"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// roaming is what works elsewhere than in the room where it is kept.
var roaming = []string{"vacuum", "lawn_mower", "todo", "calendar"}

// astray is the room of a call in which a model goes elsewhere than the sentence says: the sentence names a room or a
// floor, and neither the room of the thing that is called nor the thing. Small models do that, and a person can tell.
func (t *Turn) astray(call home.Call) string {
	e, ok := t.home.Entity(call.Entity)
	if !ok || e.Area == "" || t.DecidedBy != ByModel || t.confirmed || slices.Contains(roaming, e.Domain()) {
		return ""
	}
	area, _ := t.home.Area(e.Area)
	named, rest := placesNamed(t.home, t.Heard.Text)
	switch {
	case len(named) == 0, slices.Contains(named, area.ID), slices.Contains(named, area.Floor):
		return ""
	case holdsAny(t.Heard.Text, append([]string{e.Name}, e.Aliases...)), holdsAny(rest, intent.Words(area.Name)):
		return ""
	}
	return area.Name
}

// placesNamed are the IDs of the areas and floors that a text names, of overlapping names the longest, and what else it says.
func placesNamed(snapshot *home.Snapshot, text string) (ids []string, rest string) {
	type named struct{ id, words string }
	var places []named
	add := func(id string, names ...string) {
		for _, name := range names {
			if words := strings.Join(intent.Words(name), " "); words != "" {
				places = append(places, named{id, " " + words + " "})
			}
		}
	}
	for _, a := range snapshot.Areas {
		add(a.ID, append([]string{a.Name}, a.Aliases...)...)
	}
	for _, f := range snapshot.Floors {
		add(f.ID, append([]string{f.Name}, f.Aliases...)...)
	}
	slices.SortStableFunc(places, func(a, b named) int { return cmp.Compare(len(b.words), len(a.words)) })
	rest = " " + strings.Join(intent.Words(text), " ") + " "
	for _, p := range places {
		if left := strings.ReplaceAll(rest, p.words, " , "); left != rest {
			ids, rest = append(ids, p.id), left
		}
	}
	return ids, rest
}
