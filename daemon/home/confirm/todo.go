package confirm

import "hearth/daemon/home"

// A list's state is how many of its items are open. Nothing shows in it when an item that was done
// already is removed, or one is renamed.
var todos = map[string]rule{
	"todo.add_item":    openItems(+1),
	"todo.remove_item": openItems(-1),
	"todo.update_item": todoUpdate,
}

func todoUpdate(call home.Call, before home.Entity) condition {
	switch call.Data["status"] {
	case "completed":
		return openItems(-1)(call, before)
	case "needs_action":
		return openItems(+1)(call, before)
	}
	return nil
}

// openItems is met when there are more open items than before, or fewer.
func openItems(sign float64) rule {
	return func(_ home.Call, before home.Entity) condition {
		was, ok := home.Number(before.State)
		if !ok {
			return nil
		}
		return func(now home.Entity) (string, bool) {
			is, ok := home.Number(now.State)
			if !ok || (is-was)*sign <= 0 {
				return "it still has " + items(now.State), false
			}
			return "it has " + items(now.State) + " now", true
		}
	}
}

func items(count string) string {
	if count == "1" {
		return "1 open item"
	}
	return count + " open items"
}
