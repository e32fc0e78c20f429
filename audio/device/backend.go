package device

import (
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	"github.com/gen2brain/malgo"
)

// backendNull is miniaudio's null backend. malgo.BackendNull (v0.11.24) is one too small, because
// miniaudio has a "custom" backend before it.
const backendNull = malgo.Backend(14)

const (
	periodMillis = 20
	periods      = 3
	// filterOrder is the steepest low-pass that miniaudio offers for a device that has no 16 kHz.
	filterOrder = 8
)

// A backend is a connection to the sound server. Every call into it may hang.
type backend struct {
	context *malgo.AllocatedContext
}

// connect reaches PulseAudio, or else ALSA; the null backend only for the device of that name.
func connect(device string) (*backend, error) {
	backends := []malgo.Backend{malgo.BackendPulseaudio, malgo.BackendAlsa}
	if device == Null {
		backends = []malgo.Backend{backendNull}
	}
	context, err := malgo.InitContext(backends, malgo.ContextConfig{}, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: neither PulseAudio nor ALSA answers (%w)", ErrNoDevice, err)
	}
	return &backend{context}, nil
}

func (b *backend) close() {
	_ = b.context.Uninit() // nothing is left to do about an error
	b.context.Free()
}

// devices lists what can be used. A sound server's monitors (what its loudspeakers play) are no
// microphones, and ALSA's null device is none either.
func (b *backend) devices(k Kind) ([]malgo.DeviceInfo, error) {
	found, err := b.context.Devices(deviceType(k))
	if err != nil {
		return nil, fmt.Errorf("list %s devices: %w", k, err)
	}
	usable := found[:0]
	for _, d := range found {
		if id := identifier(d); !strings.HasSuffix(id, ".monitor") && id != "null" {
			usable = append(usable, d)
		}
	}
	return usable, nil
}

// find picks the device of the given name: an identifier, or part of a name.
func (b *backend) find(k Kind, name string) (malgo.DeviceInfo, error) {
	devices, err := b.devices(k)
	if err != nil {
		return malgo.DeviceInfo{}, err
	}
	if len(devices) == 0 {
		return malgo.DeviceInfo{}, fmt.Errorf("%w: there is no %s device", ErrNoDevice, k)
	}
	if i := choose(devices, name); i >= 0 {
		return devices[i], nil
	}
	return malgo.DeviceInfo{}, fmt.Errorf("%w: no %s device is called %q", ErrNoDevice, k, name)
}

func choose(devices []malgo.DeviceInfo, name string) int {
	automatic := name == "" || name == Auto || name == Null
	for i := range devices {
		if automatic && devices[i].IsDefault != 0 || !automatic && identifier(devices[i]) == name {
			return i
		}
	}
	for i := range devices {
		if automatic || strings.Contains(strings.ToLower(devices[i].Name()), strings.ToLower(name)) {
			return i
		}
	}
	return -1
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
	config.PeriodSizeInMilliseconds = periodMillis
	config.Periods = periods
	config.Resampling.Linear.LpfOrder = filterOrder
	config.Alsa.NoMMap = 1 // memory mapping fails on some drivers
	var pin runtime.Pinner // the configuration carries the identifier's address into C
	defer pin.Unpin()
	pin.Pin(&device.ID)
	side := malgo.SubConfig{Format: malgo.FormatS16, Channels: uint32(channels), DeviceID: unsafe.Pointer(&device.ID)}
	if k == Capture {
		config.Capture = side
	} else {
		config.Playback = side
	}
	opened, err := malgo.InitDevice(b.context.Context, config, malgo.DeviceCallbacks{Data: data})
	if err != nil {
		return nil, fmt.Errorf("open %s device %s: %w", k, device.Name(), err)
	}
	return opened, nil
}

func deviceType(k Kind) malgo.DeviceType {
	if k == Capture {
		return malgo.Capture
	}
	return malgo.Playback
}
