package device

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
	"unsafe"

	"github.com/gen2brain/malgo"
)

// backendNull is miniaudio's null backend. malgo.BackendNull (v0.11.24) is one too small, because
// miniaudio has a "custom" backend before it.
const backendNull = malgo.Backend(14)

const (
	// The capture period is short because it delays every answer. The server holds many of them, which delay
	// nothing: with 3 it threw speech away, uncounted, whenever a busy machine was 60 ms late to fetch it.
	capturePeriod  = 20 * time.Millisecond
	capturePeriods = 25
	// The playback period is long: miniaudio lets PulseAudio hold one period only, and with 50 ms it ran dry
	// on a busy machine.
	playbackPeriod  = 100 * time.Millisecond
	playbackPeriods = 3
	// filterOrder is the steepest low-pass that miniaudio offers for a device that has no 16 kHz.
	filterOrder = 8
)

// A backend is a connection to PulseAudio, ALSA, or the null backend. Every call into it may hang.
type backend struct {
	kind    malgo.Backend
	context *malgo.AllocatedContext
}

// connect reaches PulseAudio, or else ALSA; the null backend only for the device of that name.
func connect(device string) (*backend, error) {
	kinds := []malgo.Backend{malgo.BackendPulseaudio, malgo.BackendAlsa}
	if device == Null {
		kinds = []malgo.Backend{backendNull}
	}
	for _, kind := range kinds {
		context, err := malgo.InitContext([]malgo.Backend{kind}, malgo.ContextConfig{}, nil)
		if err == nil {
			return &backend{kind, context}, nil
		}
	}
	return nil, fmt.Errorf("%w: neither PulseAudio nor ALSA answers", ErrNoDevice)
}

func (b *backend) close() {
	_ = b.context.Uninit() // nothing is left to do about an error
	b.context.Free()
}

// list gives the devices that may be chosen without being named.
func (b *backend) list(k Kind) ([]malgo.DeviceInfo, error) {
	found, err := b.context.Devices(deviceType(k))
	if err != nil {
		return nil, fmt.Errorf("list %s devices: %w", k, err)
	}
	return slices.DeleteFunc(found, b.special), nil
}

// special tells the devices that are not what they seem: PulseAudio's monitors, which hear what a
// loudspeaker plays, and ALSA's plugins, which it lists even on a machine without any sound card.
func (b *backend) special(d malgo.DeviceInfo) bool {
	id := identifier(d)
	switch b.kind {
	case malgo.BackendPulseaudio:
		return strings.HasSuffix(id, ".monitor")
	case malgo.BackendAlsa:
		return id != "default" && !strings.HasPrefix(id, ":") // miniaudio writes hw:1,0 as :1,0
	}
	return false
}

// find picks the device of the given name: an identifier, or part of a name. For "auto" there may be several, of which
// the first that opens is meant.
func (b *backend) find(k Kind, name string) ([]malgo.DeviceInfo, error) {
	if name == "" || name == Auto || name == Null {
		devices, err := b.list(k)
		if err == nil && len(devices) == 0 {
			err = fmt.Errorf("%w: there is no %s device", ErrNoDevice, k)
		}
		return candidates(b.kind, devices), err
	}
	devices, err := b.context.Devices(deviceType(k))
	if err != nil {
		return nil, fmt.Errorf("list %s devices: %w", k, err)
	}
	for _, d := range devices {
		if identifier(d) == name {
			return []malgo.DeviceInfo{d}, nil
		}
	}
	for _, d := range devices {
		if strings.Contains(strings.ToLower(d.Name()), strings.ToLower(name)) {
			return []malgo.DeviceInfo{d}, nil
		}
	}
	return nil, fmt.Errorf("%w: no %s device is called %q", ErrNoDevice, k, name)
}

// candidates are what "auto" may mean: the default, or else the first. ALSA's default may lead to a sound server that
// does not run (pipewire-alsa, without a signed-in user): the cards themselves come after it.
func candidates(kind malgo.Backend, devices []malgo.DeviceInfo) []malgo.DeviceInfo {
	if i := slices.IndexFunc(devices, func(d malgo.DeviceInfo) bool { return d.IsDefault != 0 }); i > 0 {
		devices = slices.Concat(devices[i:i+1], devices[:i], devices[i+1:])
	}
	if kind != malgo.BackendAlsa {
		devices = devices[:min(1, len(devices))]
	}
	return devices
}

// first starts the first of these devices that can be started, and gives its name. The error is that of the first. A
// device that is busy will be free again, and no other takes its place.
func first(devices []malgo.DeviceInfo, start func(malgo.DeviceInfo) error) (name string, err error) {
	for _, d := range devices {
		failure := start(d)
		if failure == nil {
			return d.Name(), nil
		}
		err = cmp.Or(err, failure)
		if errors.Is(failure, malgo.ErrBusy) {
			break
		}
	}
	return "", err
}

// identifier is the device's ID as its server writes it. Both servers use C strings.
func identifier(d malgo.DeviceInfo) string {
	id, _, _ := strings.Cut(string(d.ID[:]), "\x00")
	return id
}

// open opens the device without starting it.
func (b *backend) open(k Kind, device malgo.DeviceInfo, rate, channels int, data malgo.DataProc) (*malgo.Device, error) {
	config := malgo.DefaultDeviceConfig(deviceType(k))
	config.SampleRate = uint32(rate)
	config.Resampling.Linear.LpfOrder = filterOrder
	config.Alsa.NoMMap = 1 // memory mapping fails on some drivers
	var pin runtime.Pinner // the configuration carries the identifier's address into C
	defer pin.Unpin()
	pin.Pin(&device.ID)
	side := malgo.SubConfig{Format: malgo.FormatS16, Channels: uint32(channels), DeviceID: unsafe.Pointer(&device.ID)}
	if k == Capture {
		config.Capture = side
		config.PeriodSizeInMilliseconds, config.Periods = uint32(capturePeriod.Milliseconds()), capturePeriods
	} else {
		config.Playback = side
		config.PeriodSizeInMilliseconds, config.Periods = uint32(playbackPeriod.Milliseconds()), playbackPeriods
	}
	opened, err := malgo.InitDevice(b.context.Context, config, malgo.DeviceCallbacks{Data: inTime(data)})
	if errors.Is(err, malgo.ErrDoesNotExist) || errors.Is(err, malgo.ErrNoDevice) {
		return nil, fmt.Errorf("%w: open %s device %s: %w", ErrNoDevice, k, device.Name(), err)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s device %s: %w", k, device.Name(), err)
	}
	return opened, nil
}

// start starts a device that was opened, or lets go of it.
func start(k Kind, device malgo.DeviceInfo, opened *malgo.Device) error {
	if err := opened.Start(); err != nil {
		opened.Uninit() // the next one may be the same card
		return fmt.Errorf("start %s device %s: %w", k, device.Name(), err)
	}
	return nil
}

func deviceType(k Kind) malgo.DeviceType {
	if k == Capture {
		return malgo.Capture
	}
	return malgo.Playback
}
