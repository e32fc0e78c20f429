package mcp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"hearth/daemon/conversation"
)

// A slowHouse says that it is asked, and answers once it may, or when nobody waits any more, unless it is stubborn.
type slowHouse struct {
	*house
	asked    chan struct{}
	may      chan struct{}
	stubborn bool
}

func (h *slowHouse) Ask(ctx context.Context, person, room, text string) (*conversation.Turn, error) {
	close(h.asked)
	over := ctx.Done()
	if h.stubborn {
		over = nil
	}
	select {
	case <-h.may:
		return h.house.Ask(ctx, person, room, text)
	case <-over:
		return nil, ctx.Err()
	}
}

const (
	initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}` + "\n"
	callAsk    = `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"ask","arguments":{"sentence":"hello"}}}` + "\n"
)

// ends tells when an input has come to its end.
type ends struct {
	io.Reader
	end chan struct{}
}

func (e *ends) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		close(e.end)
	}
	return n, err
}

// bridge joins an input to a house. Read is closed at the input's end, answers are all that it said once it has ended, and
// stop is a signal.
func bridge(t *testing.T, h House, input io.Reader) (read chan struct{}, answers func() string, stop func()) {
	t.Helper()
	address := serve(t, h)
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	read = make(chan struct{})
	in := &ends{input, read}
	out, outWriter := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Bridge(ctx, BridgeOptions{HTTP: client, URL: address, Version: "1", Near: &sdk.IOTransport{Reader: io.NopCloser(in), Writer: outWriter}})
		outWriter.Close()
	}()
	return read, func() string {
		all, err := io.ReadAll(out)
		if err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Errorf("the bridge ended with %v", err)
		}
		return string(all)
	}, cancel
}

// What was asked before the input ended is answered, although the input has ended meanwhile.
func TestABridgeAnswersBeforeItEnds(t *testing.T) {
	h := &slowHouse{house: newHouse(), asked: make(chan struct{}), may: make(chan struct{})}
	read, answers, _ := bridge(t, h, strings.NewReader(initialize+callAsk))
	go func() {
		<-h.asked
		<-read
		time.Sleep(100 * time.Millisecond) // in which a bridge that does not wait gives up
		close(h.may)
	}()
	if got := answers(); !strings.Contains(got, `"id":1`) || !strings.Contains(got, `"id":2`) || !strings.Contains(got, "Turned on the light") {
		t.Errorf("it answered:\n%s", got)
	}
}

// A signal ends it at once, whatever is asked.
func TestABridgeThatIsStopped(t *testing.T) {
	for name, more := range map[string]io.Reader{"while it reads": blocked{t.Context()}, "after its input": strings.NewReader("")} {
		t.Run(name, func(t *testing.T) {
			h := &slowHouse{house: newHouse(), asked: make(chan struct{}), may: make(chan struct{}), stubborn: true}
			_, answers, stop := bridge(t, h, io.MultiReader(strings.NewReader(initialize+callAsk), more))
			t.Cleanup(func() { close(h.may) })
			go func() {
				<-h.asked
				stop()
			}()
			if got := answers(); strings.Contains(got, "Turned on the light") {
				t.Errorf("it answered:\n%s", got)
			}
		})
	}
}

// blocked is an input in which nothing comes until the end.
type blocked struct{ over context.Context }

func (b blocked) Read([]byte) (int, error) {
	<-b.over.Done()
	return 0, io.ErrUnexpectedEOF
}

// No input ends a bridge as well, nor does one wait for a client that wants to hear of changes: there are none.
func TestABridgeWithNothingLeftToAnswer(t *testing.T) {
	for name, input := range map[string]string{
		"nothing": "",
		"a client that listens": `{"jsonrpc":"2.0","id":3,"method":"subscriptions/listen","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
			`"io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}},"notifications":{"toolsListChanged":true}}}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, answers, _ := bridge(t, newHouse(), strings.NewReader(input))
			if got := answers(); strings.Contains(got, `"id":3`) != (input != "") {
				t.Errorf("it answered: %s", got)
			}
		})
	}
}
