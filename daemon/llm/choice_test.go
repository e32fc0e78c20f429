package llm

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAnotherModelAnswersOnceItIsChosen(t *testing.T) {
	s := newServer(t, streams(`{"calls": [], "reply": "Yes."}`))
	s.install("test", "qwen3:4b", "embeddings:22m")
	m := s.model(t)
	ctx, cancel := context.WithCancel(t.Context())
	up, ended := make(chan struct{}, 100), make(chan error, 1)
	go func() { ended <- m.Run(ctx, func() { up <- struct{}{} }) }()
	<-up
	if want := []string{"qwen3:4b", "test"}; !slices.Equal(m.Installed(), want) {
		t.Errorf("installed are %q, want %q: those that can talk", m.Installed(), want)
	}
	if err := m.Use("embeddings:22m"); err == nil || !strings.Contains(err.Error(), "qwen3:4b") {
		t.Errorf("a model that cannot talk: %v", err)
	}
	if err := m.Use("qwen3:4b"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-up: // looked at once, and not half a minute later
	case <-time.After(watchEvery / 2):
		t.Error("the other model was not looked at")
	}
	answer, err := m.Ask(ctx, asking("anything"), nil)
	if err != nil || answer.Model != "qwen3:4b" || s.asked()[len(s.asked())-1].Model != "qwen3:4b" {
		t.Errorf("got %+v, %v", answer, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
