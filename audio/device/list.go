package device

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// List asks a child for the microphones and loudspeakers there are. Only Command, StallAfter and Logger
// of o matter. No devices is an empty list, not an error.
func List(ctx context.Context, o Options) ([]Info, error) {
	o = o.withDefaults()
	o.Device = Auto
	c, err := startChild(o, nil)
	if err != nil {
		return nil, fmt.Errorf("list sound devices: %w", err)
	}
	got, err := c.await(ctx, kindDevices, o.openWithin())
	if err = errors.Join(err, c.kill()); err != nil {
		return nil, fmt.Errorf("list sound devices: %w", err)
	}
	var devices []Info
	if err := json.Unmarshal(got.body, &devices); err != nil {
		return nil, fmt.Errorf("list sound devices: unreadable answer of sound child: %w", err)
	}
	return devices, nil
}
