package command

import (
	"slices"

	"hearth/daemon/home"
)

// Bits of an entity's supported_features attribute, by domain, as Home Assistant defines them
// (homeassistant/components/DOMAIN/const.py).
const (
	climateFanMode  = 8
	climateHumidity = 4
	climateTarget   = 1 | 2 // one temperature, or a range

	heaterTarget = 1 // of water

	openingOpen     = 1 // cover and valve alike
	openingClose    = 2
	openingPosition = 4
	openingStop     = 8
	tiltOpen        = 16
	tiltClose       = 32
	tiltPosition    = 128

	fanSpeed      = 1
	fanOscillates = 2
	fanDirections = 4

	mediaPause     = 1
	mediaVolumeSet = 4
	mediaMute      = 8
	mediaPrevious  = 16
	mediaNext      = 32
	mediaTurnOn    = 128
	mediaTurnOff   = 256
	mediaPlayMedia = 512
	mediaVolumeUp  = 1024 // VOLUME_STEP
	mediaStop      = 4096
	mediaPlay      = 16384
	mediaSearch    = 4194304

	mowerStartMowing = 1
	mowerPause       = 2
	mowerDockBit     = 4

	todoCreate = 1
	todoDelete = 2
	todoUpdate = 4

	vacuumPause      = 4
	vacuumStop       = 8
	vacuumReturnHome = 16
	vacuumLocate     = 512
	vacuumStartBit   = 8192
	vacuumCleanArea  = 16384

	satelliteAnnounce = 1

	weatherDaily      = 1
	weatherHourly     = 2
	weatherTwiceDaily = 4
)

// A capability tells whether a device can do what is asked.
type capability func(home.Entity) bool

// feature is the capability of having at least one of these bits. A device that does not say what it
// supports is given the benefit of the doubt.
func feature(bits int) capability {
	return func(e home.Entity) bool {
		have, ok := home.Number(e.Attributes["supported_features"])
		return !ok || int(have)&bits != 0
	}
}

// all is the capability of having every one of others.
func all(others ...capability) capability {
	return func(e home.Entity) bool {
		return !slices.ContainsFunc(others, func(can capability) bool { return !can(e) })
	}
}

// Words reads an attribute that lists words, whether it came as JSON or from Go.
func Words(v any) []string {
	switch v := v.(type) {
	case []string:
		return v
	case []any:
		var words []string
		for _, word := range v {
			if s, ok := word.(string); ok {
				words = append(words, s)
			}
		}
		return words
	}
	return nil
}

// offers is the capability of having word in a list attribute; a device without the attribute may.
func offers(attribute, word string) capability {
	return func(e home.Entity) bool {
		words := Words(e.Attributes[attribute])
		return len(words) == 0 || slices.Contains(words, word)
	}
}
