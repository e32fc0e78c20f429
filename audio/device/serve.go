package device

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// What follows runs in the children. A call into the sound server may hang for good, so each is made on a
// goroutine that nobody waits for once ctx has ended: the process must end when a Serve function returns.
// For the same reason devices are not closed; the sound server does that when the process is gone.

// aliveEvery is how often a child without news writes, to find out whether anybody still reads.
const aliveEvery = time.Second

// ServeDevices writes the list of devices to w. It serves List.
func ServeDevices(ctx context.Context, w io.Writer) error {
	devices, err := hanging(ctx, w, listDevices)
	if err == nil {
		err = writeJSON(w, kindDevices, devices)
	}
	return report(ctx, w, err)
}

func listDevices() ([]Info, error) {
	b, err := connect(Auto)
	if errors.Is(err, ErrNoDevice) {
		return []Info{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer b.close()
	list := []Info{}
	for _, k := range []Kind{Capture, Playback} {
		found, err := b.list(k)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			list = append(list, Info{ID: identifier(d), Name: d.Name(), Kind: k, Default: d.IsDefault != 0})
		}
	}
	return list, nil
}

// hanging calls f, which may never return, and shows signs of life meanwhile.
func hanging[T any](ctx context.Context, w io.Writer, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1) // room for the one result, even when nobody waits any more
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	alive := time.NewTicker(aliveEvery)
	defer alive.Stop()
	for {
		select {
		case r := <-done:
			return r.value, r.err
		case <-ctx.Done():
			var none T
			return none, context.Cause(ctx)
		case <-alive.C:
			if err := writeMessage(w, kindAlive, nil); err != nil {
				var none T
				return none, err
			}
		}
	}
}

// report tells the daemon of an error, and returns it. The end of ctx is none.
func report(ctx context.Context, w io.Writer, err error) error {
	if err == nil || ctx.Err() != nil {
		return nil
	}
	if told := writeJSON(w, kindFault, faultOf(err)); told != nil {
		return fmt.Errorf("%w (and %w)", err, told)
	}
	return err
}
