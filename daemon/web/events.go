package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"hearth/daemon/conversation"
)

// The events of a turn that is followed, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
const (
	eventHeard = "heard" // conversation.Heard, once
	eventWords = "words" // Words, for each piece of the reply
	eventTurn  = "turn"  // the complete turn, last
	eventError = "error" // a RequestError instead of it
)

const eventStream = "text/event-stream"

// Words are a piece of a reply. Joined, the texts are the reply.
type Words struct {
	Sequence int    `json:"seq"` // counts from 0
	Text     string `json:"text"`
}

// wantsEvents tells whether a request prefers events to one answer at the end.
func wantsEvents(r *http.Request) bool {
	for _, header := range r.Header.Values("Accept") {
		for _, accepted := range strings.Split(header, ",") {
			if kind, _, _ := mime.ParseMediaType(accepted); kind == eventStream {
				return true
			}
		}
	}
	return false
}

// stream answers with the turn's events as they come. What cannot become a turn is refused as it is without events.
func (s *Server) stream(ctx context.Context, w http.ResponseWriter, r *http.Request, asked saying) {
	run := func(ctx context.Context, told conversation.Observer) (*conversation.Turn, error) {
		return asked(ctx, s.opts.Turns(CallerOf(ctx), told))
	}
	events := &eventWriter{w: w}
	for news := range conversation.Follow(ctx, run) {
		var err error
		switch {
		case news.Err != nil && !events.begun:
			s.fail(w, r, news.Err)
		case news.Err != nil:
			err = events.send(eventError, errorBody{requestError(news.Err)})
		case news.Over:
			err = events.send(eventTurn, news.Turn)
		case news.Heard != nil:
			err = events.send(eventHeard, news.Heard)
		default:
			err = events.send(eventWords, Words{news.Sequence, news.Words})
		}
		if err != nil {
			s.log.Debug("an event was not sent", "error", err) // the client is gone, and with it the turn
			return
		}
	}
}

// An eventWriter sends events. The answer begins with the first.
type eventWriter struct {
	w     http.ResponseWriter
	begun bool
}

func (e *eventWriter) send(name string, data any) error {
	if !e.begun {
		e.begun = true
		e.w.Header().Set("Content-Type", eventStream)
		e.w.Header().Set("Cache-Control", "no-store")
		e.w.WriteHeader(http.StatusOK)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "event: %s\ndata: ", name)
	encoder := json.NewEncoder(&b) // on one line, which it ends
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(data); err != nil {
		return err
	}
	b.WriteByte('\n')
	if _, err := e.w.Write(b.Bytes()); err != nil {
		return err
	}
	return http.NewResponseController(e.w).Flush()
}

// maxEvent bounds one event, in bytes: a turn with its steps.
const maxEvent = 1 << 20

// An eventReader reads what an eventWriter has sent.
type eventReader struct {
	lines *bufio.Scanner
}

func newEventReader(r io.Reader) *eventReader {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxEvent)
	return &eventReader{lines}
}

// next is the next event with its data, io.ErrUnexpectedEOF when the stream ended without one.
func (e *eventReader) next() (name string, data []byte, err error) {
	for e.lines.Scan() {
		field, value, _ := bytes.Cut(e.lines.Bytes(), []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch {
		case string(field) == "event":
			name = string(value)
		case string(field) == "data" && data != nil:
			data = append(append(data, '\n'), value...)
		case string(field) == "data":
			data = append([]byte{}, value...)
		case len(field) == 0 && len(value) == 0 && data != nil:
			return name, data, nil
		}
	}
	if err := e.lines.Err(); err != nil {
		return "", nil, err
	}
	return "", nil, io.ErrUnexpectedEOF
}

// errOtherAnswer says that the daemon did not answer with events.
var errOtherAnswer = errors.New("it did not answer with events")

// follow hands out the news of an answer, and returns its turn.
func follow(response *http.Response, told func(conversation.News)) (*conversation.Turn, error) {
	if kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); kind != eventStream {
		var turn conversation.Turn
		if err := read(response, &turn); err != nil {
			return nil, err
		}
		return nil, errOtherAnswer
	}
	events := newEventReader(response.Body)
	for {
		name, data, err := events.next()
		if err != nil {
			return nil, err
		}
		switch name {
		case eventHeard:
			var heard conversation.Heard
			if err := json.Unmarshal(data, &heard); err != nil {
				return nil, fmt.Errorf("event %s: %w", name, err)
			}
			told(conversation.News{Heard: &heard})
		case eventWords:
			var words Words
			if err := json.Unmarshal(data, &words); err != nil {
				return nil, fmt.Errorf("event %s: %w", name, err)
			}
			told(conversation.News{Words: words.Text, Sequence: words.Sequence})
		case eventTurn:
			var turn conversation.Turn
			if err := json.Unmarshal(data, &turn); err != nil {
				return nil, fmt.Errorf("event %s: %w", name, err)
			}
			return &turn, nil
		case eventError:
			var refused errorBody
			if err := json.Unmarshal(data, &refused); err != nil || refused.Error == nil {
				return nil, fmt.Errorf("event %s: %w", name, errors.Join(err, errOtherAnswer))
			}
			return nil, refused.Error
		}
	}
}
