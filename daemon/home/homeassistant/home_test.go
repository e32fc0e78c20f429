package homeassistant

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/conversation"
	"hearth/daemon/home"
)

var _ conversation.Home = (*Home)(nil)

func newTestHome(s *server, token string) *Home {
	return New(Options{
		Address: s.address(), Token: func() (string, error) { return token, nil },
		Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(prometheus.NewRegistry()),
	})
}

// A run is a home that runs until the test ends.
type run struct {
	stop  func()       // ends it earlier
	ended func() error // waits until it has ended, and is why
}

// started runs a home and waits until it is up.
func started(t *testing.T, h *Home) run {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	up, done := make(chan struct{}, 100), make(chan error, 1)
	go func() { done <- h.Run(ctx, func() { up <- struct{}{} }) }()
	r := run{ended: sync.OnceValue(func() error { return <-done })}
	r.stop = func() { cancel(); _ = r.ended() }
	t.Cleanup(r.stop)
	select {
	case <-up:
	case err := <-done:
		t.Fatalf("it did not come up: %v", err)
	}
	return r
}

func inBubble(t *testing.T, f func(t *testing.T, s *server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newServer(t)) })
}

var lamp = home.Call{Domain: "light", Service: "turn_on", Entity: "light.lamp"}

func TestStatesAreFollowed(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp"})
		h := newTestHome(s, goodToken)
		r := started(t, h)
		changes, unwatch := h.Watch()
		defer unwatch()
		before := h.Snapshot()
		s.change("light.lamp", "on", map[string]any{"brightness": 102})
		c := <-changes
		after, _ := h.Snapshot().Entity("light.lamp")
		if c.After.State != "on" || after.State != "on" || after.Attributes["brightness"] != 102.0 || after.Name != "Lamp" {
			t.Errorf("change to %+v, snapshot has %+v", c.After, after)
		}
		if e, _ := before.Entity("light.lamp"); e.State != "off" || e.Attributes["brightness"] != nil {
			t.Errorf("the snapshot of before has become %+v", e)
		}
		if before.Registry() != h.Snapshot().Registry() {
			t.Error("a state has changed the registry's hash")
		}
		s.emit("subscribe_entities", map[string]any{"c": map[string]any{"light.lamp": map[string]any{"-": map[string]any{"a": []string{"brightness"}}}}})
		synctest.Wait()
		if e, _ := h.Snapshot().Entity("light.lamp"); e.Attributes["brightness"] != nil || e.State != "on" {
			t.Errorf("after an attribute has gone: %+v", e)
		}
		s.emit("subscribe_entities", map[string]any{"r": []string{"light.lamp"}})
		synctest.Wait()
		if _, err := h.Call(t.Context(), lamp); !errors.Is(err, home.ErrUnavailable) {
			t.Errorf("call on what was removed: %v", err)
		}
		r.stop()
		if _, err := h.Call(t.Context(), lamp); !errors.Is(err, home.ErrDisconnected) {
			t.Errorf("call without a connection: %v", err)
		}
	})
}

// When the sun sets next is followed though it is not exposed; what else is not exposed is not.
func TestTheSunIsFollowed(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp", "sun.sun": "Sun", "light.hidden": "Hidden"})
		s.answer("homeassistant/expose_entity/list", map[string]any{"exposed_entities": map[string]any{"light.lamp": map[string]any{"conversation": true}}})
		var followed []any
		s.handle = func(_ *client, command map[string]any) bool {
			if command["type"] == "subscribe_entities" {
				followed = command["entity_ids"].([]any)
			}
			return false
		}
		h := newTestHome(s, goodToken)
		started(t, h)
		s.change(home.Sun, "below_horizon", map[string]any{"next_setting": "2026-11-29T16:11:00+00:00"})
		synctest.Wait()
		if sun, _ := h.Snapshot().Entity(home.Sun); sun.Attributes["next_setting"] != "2026-11-29T16:11:00+00:00" || sun.Exposed {
			t.Errorf("the sun is %+v", sun)
		}
		if want := []any{"light.lamp", "sun.sun"}; !slices.Equal(followed, want) {
			t.Errorf("followed are %v, want %v", followed, want)
		}
	})
}

func TestCalls(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp", "weather.here": "Here", "media_player.tv": "TV"})
		s.handle = func(c *client, command map[string]any) bool {
			id := int(command["id"].(float64))
			switch command["service"] {
			case "search_media":
				if command["return_response"] != true {
					c.send(failure(id, "service_validation_error", "The action requires responses", "service_lacks_response_request"))
				} else {
					c.send(result(id, map[string]any{"response": map[string]any{"media_player.tv": 1}}))
				}
			case "toggle":
				c.send(failure(id, "service_validation_error", "Entity light.lamp does not support action light.toggle", "service_not_supported"))
			case "turn_off":
				c.send(failure(id, "home_assistant_error", "it is on fire", ""))
			default:
				return false
			}
			return true
		}
		h := newTestHome(s, goodToken)
		started(t, h)
		call := func(service string, entity home.EntityID) (map[string]any, error) {
			return h.Call(t.Context(), home.Call{Domain: entity.Domain(), Service: service, Entity: entity, Data: map[string]any{"x": 1}})
		}
		for range 2 {
			if response, err := call("search_media", "media_player.tv"); err != nil || response["media_player.tv"] != 1.0 {
				t.Errorf("a service that answers: %v, %v", response, err)
			}
		}
		if got := len(s.called()); got != 3 {
			t.Errorf("%d calls, want one that was refused for want of a wish for the answer and two", got)
		}
		if _, err := call("toggle", "light.lamp"); !errors.Is(err, home.ErrNotSupported) {
			t.Errorf("an unsupported service: %v", err)
		}
		if _, err := call("turn_off", "light.lamp"); err == nil || !strings.Contains(err.Error(), "it is on fire") {
			t.Errorf("a fault of the device: %v", err)
		}
		if _, err := call("turn_on", "light.none"); !errors.Is(err, home.ErrUnknownEntity) {
			t.Errorf("an unknown entity: %v", err)
		}
	})
}

// TestManyAtOnce sends calls side by side: the server finds their IDs rising, and each gets its own answer.
func TestManyAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		names := map[string]string{}
		for i := range 100 {
			names[fmt.Sprintf("light.n%d", i)] = fmt.Sprint("Lamp ", i)
		}
		s.furnish(names)
		s.handle = func(c *client, command map[string]any) bool {
			if command["type"] != "call_service" {
				return false
			}
			c.send(result(int(command["id"].(float64)), map[string]any{"response": map[string]any{"for": command["target"].(map[string]any)["entity_id"]}}))
			return true
		}
		h := newTestHome(s, goodToken)
		started(t, h)
		var wg sync.WaitGroup
		for id := range names {
			wg.Go(func() {
				response, err := h.Call(t.Context(), home.Call{Domain: "light", Service: "get_it", Entity: home.EntityID(id)})
				if err != nil || response["for"] != id {
					t.Errorf("%s was answered %v, %v", id, response, err)
				}
			})
		}
		wg.Wait()
		if got := len(s.called()); got != 100 {
			t.Errorf("%d calls came, want 100", got)
		}
	})
}

// TestTheConnectionBreaks in the middle of a call, which is sent once and told as uncertain.
func TestTheConnectionBreaks(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp"})
		s.handle = func(c *client, command map[string]any) bool {
			if command["type"] == "call_service" {
				_ = c.socket.CloseNow()
			}
			return command["type"] == "call_service"
		}
		h := newTestHome(s, goodToken)
		r := started(t, h)
		if _, err := h.Call(t.Context(), lamp); !errors.Is(err, home.ErrInterrupted) {
			t.Errorf("got %v", err)
		}
		if err := r.ended(); err == nil || errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
		if e, _ := h.Snapshot().Entity("light.lamp"); e.Available() {
			t.Error("its state is still told")
		}
		s.handle = nil
		started(t, h)
		if _, err := h.Call(t.Context(), lamp); err != nil || len(s.called()) != 2 {
			t.Errorf("after it came back: %v, calls %q", err, s.called())
		}
	})
}

// TestAHalfOpenConnection is noticed though nobody says that it is over.
func TestAHalfOpenConnection(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp"})
		stuck := make(chan struct{})
		defer close(stuck)
		s.handle = func(_ *client, command map[string]any) bool {
			if command["type"] == "call_service" {
				<-stuck // it reads no more, and answers no ping
			}
			return false
		}
		h := newTestHome(s, goodToken)
		r := started(t, h)
		began := time.Now()
		if _, err := h.Call(t.Context(), lamp); !errors.Is(err, home.ErrInterrupted) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took > pingEvery+pingWait {
			t.Errorf("noticed after %s", took)
		}
		r.stop()
	})
}

func TestSlowAnswersAreNotWaitedForLonger(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp"})
		var slow atomic.Bool
		slow.Store(true)
		s.handle = func(c *client, command map[string]any) bool {
			if command["type"] != "call_service" || !slow.Load() {
				return false
			}
			go func() {
				time.Sleep(time.Minute)
				c.send(result(int(command["id"].(float64)), nil)) // nobody waits for it by then
			}()
			return true
		}
		h := newTestHome(s, goodToken)
		started(t, h)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if _, err := h.Call(ctx, lamp); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		time.Sleep(2 * time.Minute)
		slow.Store(false)
		if _, err := h.Call(t.Context(), lamp); err != nil {
			t.Errorf("the next call: %v", err)
		}
	})
}

// TestUnreadableFrames end the connection, since a change may have been lost, and nothing else.
func TestUnreadableFrames(t *testing.T) {
	for name, frame := range map[string]string{
		"not JSON": "{", "no object": "7", "an empty list": "[]", "types": `{"id":"x"}`, "text": "\x00\xff",
		"too large": `"` + strings.Repeat("x", maxMessage) + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *server) {
				s.furnish(map[string]string{"light.lamp": "Lamp"})
				s.handle = func(c *client, command map[string]any) bool {
					if command["type"] == "call_service" {
						c.sendText(frame)
					}
					return command["type"] == "call_service"
				}
				h := newTestHome(s, goodToken)
				r := started(t, h)
				if _, err := h.Call(t.Context(), lamp); !errors.Is(err, home.ErrInterrupted) {
					t.Errorf("got %v", err)
				}
				err := r.ended()
				if err == nil || !strings.Contains(err.Error(), "cannot be read") && !errors.Is(err, websocket.ErrMessageTooBig) {
					t.Errorf("Run ended with %v", err)
				}
			})
		})
	}
}

// TestOddMessages are for nobody, out of order or of a kind to come, and do no harm.
func TestOddMessages(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp"})
		h := newTestHome(s, goodToken)
		started(t, h)
		s.mu.Lock()
		c := s.clients[0]
		s.mu.Unlock()
		c.send(result(4711, "late"))
		c.send(event(4712, map[string]any{"a": map[string]any{}}))
		c.send(map[string]any{"type": "new_in_2027", "id": 3})
		c.send(map[string]any{})
		s.emit("subscribe_entities", map[string]any{"a": 7})
		s.emit("subscribe_entities", map[string]any{"c": map[string]any{"light.unknown": map[string]any{"+": map[string]any{"s": "on"}}}, "r": []string{"light.unknown"}})
		s.change("light.lamp", "on", nil)
		synctest.Wait()
		if e, _ := h.Snapshot().Entity("light.lamp"); e.State != "on" {
			t.Errorf("the lamp is %+v", e)
		}
	})
}

// TestARefusedToken is not tried again, lest Home Assistant bans the hub, until there is another.
func TestARefusedToken(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		token := "s3cret"
		h := newTestHome(s, "")
		h.options.Token = func() (string, error) { return token, nil }
		if err := h.Run(t.Context(), func() {}); !errors.Is(err, ErrRefused) || strings.Contains(err.Error(), token) {
			t.Fatalf("got %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), refusedPause/2)
		defer cancel()
		if err := h.Run(ctx, func() {}); !errors.Is(err, context.DeadlineExceeded) || len(s.clients) != 1 {
			t.Errorf("it was tried again: %v, %d connections", err, len(s.clients))
		}
		token = goodToken
		started(t, h)
	})
}

// TestHomeAssistantIsStillStarting has entities appear once it has started all its parts.
func TestHomeAssistantIsStillStarting(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.answer("get_config", map[string]any{"state": "STARTING"})
		h := newTestHome(s, goodToken)
		started(t, h)
		time.Sleep(10 * time.Second)
		s.furnish(map[string]string{"light.lamp": "Lamp"})
		s.answer("get_config", map[string]any{"state": "RUNNING"})
		time.Sleep(2 * time.Second)
		if _, ok := h.Snapshot().Entity("light.lamp"); !ok {
			t.Error("what came late is not there")
		}
	})
}

type kept struct{ picture *Picture }

func (k *kept) Get(string) (Picture, bool) {
	if k.picture == nil {
		return Picture{}, false
	}
	return *k.picture, true
}

func (k *kept) Put(_ string, p Picture) error { k.picture = &p; return nil }

// TestNamesOutliveARestart before Home Assistant answers, and no state does.
func TestNamesOutliveARestart(t *testing.T) {
	inBubble(t, func(t *testing.T, s *server) {
		s.furnish(map[string]string{"light.lamp": "Lamp"})
		k := &kept{}
		first := newTestHome(s, goodToken)
		first.options.Kept = k
		r := started(t, first)
		r.stop()
		o := first.options
		second := New(o)
		e, ok := second.Snapshot().Entity("light.lamp")
		if !ok || e.Name != "Lamp" || !e.Exposed || e.Available() {
			t.Errorf("after a restart the lamp is %+v", e)
		}
		if second.Snapshot().Registry() != first.Snapshot().Registry() {
			t.Error("what was learned for this home is not found again")
		}
	})
}

func TestEndpoint(t *testing.T) {
	for page, want := range map[string]string{
		"http://homeassistant.local:8123":  "ws://homeassistant.local:8123/api/websocket",
		"https://ha.example/sub/?x#y":      "wss://ha.example/sub/api/websocket",
		"http://me:secret@[fd00::1]:8123/": "ws://[fd00::1]:8123/api/websocket",
		"homeassistant.local:8123":         "",
		"ftp://homeassistant.local":        "",
		"":                                 "",
		"http://":                          "",
	} {
		got, err := endpoint(page)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q leads to %q, %v", page, got, err)
		}
	}
}
