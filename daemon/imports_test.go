package daemon

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says what each package of Hearth may import of Hearth; "/..." stands for everything below.
// Whoever adds an arrow here changes docs/architecture.md in the same commit.
var arrows = []struct {
	from string
	to   []string
}{
	{"cmd/hearthd", []string{"daemon", "daemon/...", "audio", "audio/...", "storage/..."}},
	{"daemon", []string{"daemon/...", "audio", "audio/...", "storage/..."}},

	// Leaves: each talks to one part of the world.
	{"daemon/config", nil},
	{"daemon/settings", nil},
	{"daemon/breaker", nil},
	{"daemon/llm", []string{"daemon/conversation", "daemon/conversation/command", "daemon/home", "daemon/intent", "daemon/llm/chat", "daemon/llm/ollama", "daemon/breaker"}},
	{"daemon/llm/chat", nil},
	{"daemon/llm/hostile", nil},
	{"daemon/llm/wire", []string{"daemon/llm/chat"}},
	{"daemon/llm/...", []string{"daemon/llm/chat", "daemon/llm/wire"}}, // the providers
	{"daemon/tool", []string{"daemon/breaker", "daemon/conversation", "daemon/conversation/command", "daemon/home", "daemon/unit"}},
	{"daemon/mqtt", []string{"daemon/conversation", "daemon/home", "daemon/intent"}},
	{"daemon/mcp", []string{"daemon/breaker", "daemon/conversation", "daemon/home"}},
	{"daemon/modelapi", []string{"daemon/conversation"}},
	{"daemon/web", []string{"daemon/conversation", "daemon/home", "daemon/intent", "audio", "audio/..."}},
	{"daemon/learned", []string{"daemon/conversation", "daemon/home", "storage/cache"}},
	{"daemon/timer", []string{"daemon/clock", "daemon/conversation", "daemon/conversation/command", "daemon/home"}},
	{"storage/history", []string{"daemon/clock", "daemon/conversation", "daemon/home", "daemon/intent", "daemon/timer"}},
	{"storage/cache", nil},

	// Measurements of the others together.
	{"daemon/chatter", []string{"daemon/conversation/command", "daemon/home", "daemon/intent", "audio/stt"}},
	{"daemon/assist", []string{"daemon/conversation", "daemon/home", "daemon/home/demo"}},

	// A look at all the others, and at what they need.
	{"daemon/doctor", []string{"daemon", "daemon/...", "audio", "audio/...", "storage/history", "storage/cache"}},
	{"daemon/setup", []string{"daemon", "daemon/...", "audio", "audio/..."}},
	{"daemon/support", []string{"daemon/config", "daemon/doctor", "daemon/web", "storage/history"}},

	// The middle: it talks to nothing.
	{"daemon/conversation", []string{"daemon/clock", "daemon/conversation/command", "daemon/home", "daemon/home/confirm", "daemon/home/undo", "daemon/intent", "audio"}},
	{"daemon/conversation/command", []string{"daemon/clock", "daemon/home", "daemon/intent", "daemon/unit"}},
	{"daemon/clock", nil},
	{"daemon/unit", nil},
	{"daemon/home", nil},
	{"daemon/home/confirm", []string{"daemon/home"}},
	{"daemon/home/undo", []string{"daemon/home"}},
	{"daemon/home/gate", []string{"daemon/home", "daemon/conversation"}},
	{"daemon/home/demo", []string{"daemon/home"}},
	{"daemon/home/homeassistant", []string{"daemon/home"}},
	{"daemon/intent", []string{"daemon/intent/..."}},
	{"daemon/intent/...", []string{"daemon/intent", "daemon/intent/..."}},
	{"audio", nil},
	{"audio/...", []string{"audio", "audio/..."}},
}

func TestImportsPointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "hearth/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		from := strings.TrimPrefix(fields[0], "hearth/")
		allowed, known := allowedFrom(from)
		if !known {
			t.Errorf("package %s is in no row of the table: give it its place", from)
			continue
		}
		for _, to := range fields[1:] {
			to, ours := strings.CutPrefix(to, "hearth/")
			if ours && !slices.ContainsFunc(allowed, func(p string) bool { return covers(p, to) }) {
				t.Errorf("%s imports %s, which points the wrong way", from, to)
			}
		}
	}
}

// allowedFrom is the first row that covers the package.
func allowedFrom(from string) (to []string, known bool) {
	for _, a := range arrows {
		if covers(a.from, from) {
			return a.to, true
		}
	}
	return nil, false
}

func covers(pattern, pkg string) bool {
	if folder, ok := strings.CutSuffix(pattern, "/..."); ok {
		return strings.HasPrefix(pkg, folder+"/")
	}
	return pattern == pkg
}
