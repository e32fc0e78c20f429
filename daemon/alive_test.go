package daemon

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hearth/audio"
	"hearth/audio/listen"
)

// deaf is a source whose sound nobody gets.
type deaf struct{ audio.Source }

func (deaf) Next(ctx context.Context) (audio.Frame, error) {
	<-ctx.Done()
	return audio.Frame{}, context.Cause(ctx)
}

func TestAMicrophoneThatHangsIsNotAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &Daemon{supervisor: testSupervisor(), listener: listen.New(listen.Options{}, nil, nil)}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- d.listener.Run(ctx, deaf{}, nil) }()
		time.Sleep(stuckAfter)
		if err := d.alive(); err != nil {
			t.Errorf("too early: %v", err)
		}
		time.Sleep(time.Second)
		if err := d.alive(); err == nil || !strings.Contains(err.Error(), "microphone was taken for 16s") {
			t.Errorf("err = %v", err)
		}
		cancel()
		<-ended
		if err := d.alive(); err != nil {
			t.Errorf("not listening: %v", err)
		}
	})
}

func TestARetryThatDoesNotComeIsNotAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &Daemon{supervisor: testSupervisor(), listener: listen.New(listen.Options{}, nil, nil)}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		// Failing for an hour, with pauses of more than a minute, is getting on.
		go func() {
			for ctx.Err() == nil {
				if err := d.alive(); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Second)
			}
		}()
		if _, err := supervise(ctx, d.supervisor, component{name: "home", run: func(context.Context, func()) error {
			return errors.New("unreachable")
		}}); err != nil {
			t.Error(err)
		}
		d.supervisor.due["home"] = time.Now() // and nobody starts it
		time.Sleep(stuckAfter + time.Second)
		if err := d.alive(); err == nil || !strings.Contains(err.Error(), "home should long have been started again") {
			t.Errorf("err = %v", err)
		}
	})
}
