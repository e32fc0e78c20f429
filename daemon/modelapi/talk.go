package modelapi

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// A message is one of a chat, of which only what is said matters.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
	Images  []any  `json:"images"`
}

// A place is what a client's instructions say of the speaker.
type place struct {
	Room    string // area ID
	Speaker string // whatever names the device or the person
}

// line is "hearth room=kitchen speaker=..." on a line of its own.
var line = regexp.MustCompile(`(?m)^[ \t]*hearth((?:[ \t]+(?:room|speaker)=\S*)+)[ \t]*\r?$`)

// readLine finds where the speaker is in the one line of the instructions that means something to Hearth, since a
// client tells it nowhere else. Home Assistant fills it in from a template:
//
//	hearth room={{ area_id(llm_context.device_id) }} speaker={{ llm_context.device_id }}
//
// It is what the client says, and opens nothing that would be closed without it.
func readLine(messages []message) place {
	var p place
	for _, m := range messages {
		if m.Role != "system" {
			continue
		}
		found := line.FindStringSubmatch(m.Content)
		if found == nil {
			continue
		}
		for field := range strings.FieldsSeq(found[1]) {
			name, value, _ := strings.Cut(field, "=")
			switch {
			case value == "None": // of a template that found nothing
			case name == "room":
				p.Room = value
			default:
				p.Speaker = value
			}
		}
	}
	return p
}

// How many talks are remembered, and for how long after their last word.
const (
	mostTalks = 1000
	talkTime  = time.Hour
)

// talks tell which talk a chat belongs to. A client names none, but sends what was said so far: a chat whose last
// question and answer were given here goes on with the talk they were given in. Two talks that have just heard the
// same words cannot be told apart, and share what Hearth waits for: it is the same.
type talks struct {
	mu    sync.Mutex
	known map[string]talk // by what was said last
}

type talk struct {
	id string
	at time.Time
}

func newTalks() *talks { return &talks{known: map[string]talk{}} }

// of is the talk that the chat goes on with, or a new one.
func (t *talks) of(chat []message, p place) string {
	if p.Speaker != "" {
		return key("speaker", p.Speaker)
	}
	said, answered, ok := lastExchange(chat)
	if ok {
		t.mu.Lock()
		defer t.mu.Unlock()
		if known, ok := t.known[key(p.Room, said, answered)]; ok && time.Since(known.at) < talkTime {
			return known.id
		}
	}
	return uuid.NewString()
}

// note remembers what was said last in a talk.
func (t *talks) note(id string, p place, said, answered string) {
	if p.Speaker != "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= mostTalks {
		maps.DeleteFunc(t.known, func(_ string, k talk) bool { return time.Since(k.at) >= talkTime })
	}
	if len(t.known) >= mostTalks {
		t.dropOldest()
	}
	t.known[key(p.Room, said, answered)] = talk{id, time.Now()}
}

func (t *talks) dropOldest() {
	oldest := ""
	for k, v := range t.known {
		if oldest == "" || v.at.Before(t.known[oldest].at) {
			oldest = k
		}
	}
	delete(t.known, oldest)
}

// lastExchange is what was said and answered before the last message.
func lastExchange(chat []message) (said, answered string, ok bool) {
	var spoken []message
	for _, m := range chat {
		if m.Role == "user" || m.Role == "assistant" {
			spoken = append(spoken, m)
		}
	}
	n := len(spoken)
	if n < 3 || spoken[n-2].Role != "assistant" || spoken[n-3].Role != "user" {
		return "", "", false
	}
	return spoken[n-3].Content, spoken[n-2].Content, true
}

// key is a short name for several texts.
func key(texts ...string) string {
	h := sha256.New()
	for _, text := range texts {
		h.Write([]byte(strings.TrimSpace(text)))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
