package device

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/gen2brain/malgo"
)

func listed(ids ...string) (all []malgo.DeviceInfo) {
	for _, id := range ids {
		var d malgo.DeviceInfo
		copy(d.ID[:], id)
		if id == "default" {
			d.IsDefault = 1
		}
		all = append(all, d)
	}
	return all
}

// TestAutoGoesOnToTheCards of ALSA when its default does not open, and to nothing else.
func TestAutoGoesOnToTheCards(t *testing.T) {
	hostDown, refused := errors.New("host is down"), errors.New("refused")
	busy := fmt.Errorf("open capture device: %w", malgo.ErrBusy)
	for name, test := range map[string]struct {
		kind    malgo.Backend
		devices []malgo.DeviceInfo
		fails   map[string]error
		tried   []string
		want    error
	}{
		"the default works":      {malgo.BackendAlsa, listed(":0,0", "default", ":1,0"), nil, []string{"default"}, nil},
		"the default is dead":    {malgo.BackendAlsa, listed(":0,0", "default", ":1,0"), map[string]error{"default": hostDown, ":0,0": refused}, []string{"default", ":0,0", ":1,0"}, nil},
		"the default is busy":    {malgo.BackendAlsa, listed("default", ":1,0"), map[string]error{"default": busy}, []string{"default"}, busy},
		"nothing works":          {malgo.BackendAlsa, listed("default", ":1,0"), map[string]error{"default": hostDown, ":1,0": refused}, []string{"default", ":1,0"}, hostDown},
		"no default":             {malgo.BackendAlsa, listed(":0,0", ":1,0"), map[string]error{":0,0": refused}, []string{":0,0", ":1,0"}, nil},
		"a sound server decides": {malgo.BackendPulseaudio, listed("other", "default"), map[string]error{"default": refused}, []string{"default"}, refused},
	} {
		t.Run(name, func(t *testing.T) {
			var tried []string
			_, err := first(candidates(test.kind, test.devices), func(d malgo.DeviceInfo) error {
				tried = append(tried, identifier(d))
				return test.fails[identifier(d)]
			})
			if !slices.Equal(tried, test.tried) || !errors.Is(err, test.want) {
				t.Errorf("tried %q, %v; want %q, %v", tried, err, test.tried, test.want)
			}
		})
	}
}
