package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/audio"
	"hearth/daemon/conversation"
)

// script is a turn that goes on as its test lets it.
type script func(ctx context.Context, told conversation.Observer) (*conversation.Turn, error)

func (s script) turns(_ int, told conversation.Observer) Turns { return scripted{s, told} }

type scripted struct {
	script script
	told   conversation.Observer
}

func (s scripted) Say(ctx context.Context, _, _ string) (*conversation.Turn, error) {
	return s.script(ctx, s.told)
}

func (s scripted) Hear(ctx context.Context, _ string, _ audio.Clip) (*conversation.Turn, error) {
	return s.script(ctx, s.told)
}

func TestWordsArriveWhileTheyAreWritten(t *testing.T) {
	o := options(t)
	next := make(chan struct{})
	turn := &conversation.Turn{ID: "t1", Heard: conversation.Heard{Text: "why is the sky blue", Recogniser: "text"}, Reply: "It\nscatters ☀ light."}
	o.Turns = script(func(_ context.Context, told conversation.Observer) (*conversation.Turn, error) {
		told.StageDone(turn, "understand", 0, nil)
		for i, words := range []string{"It\nscatters", " ☀ light."} {
			told.Words(turn, i, words)
			<-next // not before the client has them
		}
		return turn, nil
	}).turns
	_, c, _ := start(t, o)
	var heard, words []string
	got, err := c.Follow(t.Context(), SayRequest{Text: "why is the sky blue"}, func(n conversation.News) {
		if n.Heard != nil {
			heard = append(heard, n.Heard.Text)
			return
		}
		if n.Sequence != len(words) {
			t.Errorf("words %d come as %d", len(words), n.Sequence)
		}
		words = append(words, n.Words)
		next <- struct{}{}
	})
	if err != nil || got.ID != "t1" || got.Reply != turn.Reply {
		t.Fatalf("got %+v, %v", got, err)
	}
	if !slices.Equal(heard, []string{"why is the sky blue"}) || !slices.Equal(words, []string{"It\nscatters", " ☀ light."}) {
		t.Errorf("heard %q, words %q", heard, words)
	}
}

// The form of the events is a contract (docs/api.md).
func TestEventsOnTheWire(t *testing.T) {
	o := options(t)
	turn := &conversation.Turn{ID: "t1", Reply: "<On>\n."}
	o.Turns = script(func(_ context.Context, told conversation.Observer) (*conversation.Turn, error) {
		told.Words(turn, 0, turn.Reply)
		return turn, nil
	}).turns
	start(t, o)
	status, kind, body := post(t, o.Socket, `{"text": "hello"}`)
	want := "event: heard\ndata: {\"text\":\"\",\"confidence\":0,\"recogniser\":\"\"}\n\n" +
		"event: words\ndata: {\"seq\":0,\"text\":\"<On>\\n.\"}\n\n" +
		"event: turn\ndata: {\"turn_id\":\"t1\","
	if !strings.HasPrefix(body, want) || !strings.HasSuffix(body, "}\n\n") {
		t.Errorf("got %s", body)
	}
	if status != http.StatusOK || kind != "text/event-stream" {
		t.Errorf("%d, %q", status, kind)
	}
}

// post asks for the events of a turn.
func post(t *testing.T, socket, body string) (status int, kind, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://hearth/v1/turns", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/html, text/event-stream;q=0.9")
	client := &http.Client{Transport: &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", socket) },
		DisableKeepAlives: true,
	}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("Content-Type"), string(text)
}

// What cannot become a turn is refused with a status, as without events; what fails later ends the events.
func TestEventsOfWhatFails(t *testing.T) {
	o := options(t)
	refused := &conversation.InputError{Field: "room", Value: `"attic"`, Remedy: "name an area"}
	begun := false
	o.Turns = script(func(_ context.Context, told conversation.Observer) (*conversation.Turn, error) {
		if begun {
			told.Words(&conversation.Turn{}, 0, "It")
		}
		return nil, refused
	}).turns
	_, c, _ := start(t, o)
	for _, begun = range []bool{false, true} {
		turn, err := c.Follow(t.Context(), SayRequest{Text: "hello"}, func(conversation.News) {})
		var p *RequestError
		if turn != nil || !errors.As(err, &p) || p.Field != "room" {
			t.Errorf("begun %v: got %+v, %v", begun, turn, err)
		}
		status, _, _ := post(t, o.Socket, `{"text": "hello"}`)
		if want := map[bool]int{false: 422, true: 200}[begun]; status != want {
			t.Errorf("begun %v: status %d", begun, status)
		}
	}
	if status, _, _ := post(t, o.Socket, `{"text": ""}`); status != 422 {
		t.Errorf("an empty text: status %d", status)
	}
}

func TestAClientThatGoesEndsItsTurn(t *testing.T) {
	o := options(t)
	ended := make(chan error, 1)
	o.Turns = script(func(ctx context.Context, told conversation.Observer) (*conversation.Turn, error) {
		told.Words(&conversation.Turn{}, 0, "It")
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return nil, ctx.Err()
	}).turns
	_, c, _ := start(t, o)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if _, err := c.Follow(ctx, SayRequest{Text: "hello"}, func(conversation.News) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-ended
}

func TestWAVIsFollowed(t *testing.T) {
	o := options(t)
	o.Turns = script(func(_ context.Context, told conversation.Observer) (*conversation.Turn, error) {
		told.Words(&conversation.Turn{}, 0, "It")
		return &conversation.Turn{Reply: "It"}, nil
	}).turns
	_, c, _ := start(t, o)
	words := ""
	turn, err := c.FollowWAV(t.Context(), strings.NewReader(sound(t, audio.Speech, time.Second)), "kitchen", func(n conversation.News) { words += n.Words })
	if err != nil || turn.Reply != "It" || words != "It" {
		t.Errorf("%+v, %v, %q", turn, err, words)
	}
}

// A server of another kind, or one that stops in the middle.
func FuzzFollow(f *testing.F) {
	f.Add("event: words\ndata: {\"seq\":0,\"text\":\"a\"}\n\nevent: turn\ndata: {}\n\n")
	f.Add(": hello\n\ndata: {\ndata: }\n\nevent:turn\r\ndata:{\"turn_id\":\"x\"}\r\n\r\n")
	f.Add("event: error\ndata: {}\n\n")
	f.Fuzz(func(t *testing.T, body string) {
		response := &http.Response{Header: http.Header{"Content-Type": {eventStream}}, Body: io.NopCloser(strings.NewReader(body))}
		turn, err := follow(response, func(conversation.News) {})
		if (turn == nil) != (err != nil) {
			t.Errorf("%+v and %v of %q", turn, err, body)
		}
	})
}
