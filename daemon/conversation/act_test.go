package conversation_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
)

// A talkative home refuses a service, and repeats what it was told.
type talkative struct {
	*demo.Home
	refuses string
}

func (h talkative) Call(ctx context.Context, call home.Call) (map[string]any, error) {
	if call.Name() == h.refuses {
		return nil, fmt.Errorf("%w: there is no pregnancy test on the list", home.ErrNotSupported)
	}
	return h.Home.Call(ctx, call)
}

// What a home says of a call that failed may repeat what people said: the journal has only the reason.
func TestAHomesMessageIsOnlyInTheDebugLog(t *testing.T) {
	for name, test := range map[string]struct{ service, refuses string }{
		"sent":         {"add_item", "todo.add_item"},
		"looked at":    {"remove_item", "todo.get_items"}, // before the call
		"looked after": {"add_item", "todo.get_items"},
	} {
		t.Run(name, func(t *testing.T) {
			inHome(t, func(r *rig) {
				logged := map[slog.Level]*bytes.Buffer{slog.LevelInfo: {}, slog.LevelDebug: {}}
				for level, journal := range logged {
					r.whole.Log = slog.New(slog.NewTextHandler(journal, &slog.HandlerOptions{Level: level}))
					r.whole.Home = talkative{r.home, test.refuses}
					r.model.answer = conversation.ModelAnswer{Model: "m", Calls: []home.Call{
						{Domain: "todo", Service: test.service, Entity: "todo.shopping_list", Data: map[string]any{"item": "pregnancy test"}},
					}}
					r.say("see to the list")
				}
				owner, debug := logged[slog.LevelInfo].String(), logged[slog.LevelDebug].String()
				if !strings.Contains(owner, "service="+test.refuses+" reason=unsupported") || strings.Contains(owner, "pregnancy") {
					t.Errorf("the journal has %s", owner)
				}
				if !strings.Contains(debug, "pregnancy") {
					t.Errorf("the debug log has %s", debug)
				}
			})
		})
	}
}
