package demo

import (
	"math"
	"strconv"
	"time"

	"hearth/daemon/home"
)

// swing is how far sensors of a class stray to either side, in their unit.
var swing = map[string]float64{"temperature": 0.4, "humidity": 2, "power": 8, "carbon_dioxide": 40}

// driftPeriod is how many reports it takes a sensor to swing there and back: half an hour.
const driftPeriod = 60

func (h *Home) startDrift() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drifted = time.Now()
}

// drift lets every sensor report anew, and rooms warm up or cool down.
func (h *Home) drift(now time.Time) {
	h.drifted = now
	if h.still {
		return
	}
	h.drifts++
	for _, e := range h.Snapshot().Entities {
		switch {
		case e.Domain() == "sensor" && swing[e.DeviceClass] > 0:
			h.driftSensor(e)
		case e.Domain() == "climate" && e.Available():
			h.driftClimate(e)
		}
	}
}

// driftSensor moves a reading along a sine, each sensor at its own place in the swing.
func (h *Home) driftSensor(e home.Entity) {
	reading, err := strconv.ParseFloat(e.State, 64)
	if err != nil || reading == 0 {
		return // unknown, unavailable, or a device that draws no power
	}
	phase := float64(latency(e.ID).Milliseconds())
	at := func(drifts int) float64 {
		return swing[e.DeviceClass] * math.Sin(2*math.Pi*(float64(drifts)+phase)/driftPeriod)
	}
	next := reading + at(h.drifts) - at(h.drifts-1)
	h.apply(e.ID, func(e *home.Entity) { e.State = strconv.FormatFloat(math.Round(next*10)/10, 'f', 1, 64) })
}

// driftClimate brings a room a tenth of a degree nearer to its target.
func (h *Home) driftClimate(e home.Entity) {
	by := map[any]float64{"heating": +0.1, "cooling": -0.1}[e.Attributes["hvac_action"]]
	if by == 0 {
		return
	}
	h.apply(e.ID, func(e *home.Entity) {
		e.Attributes["current_temperature"] = math.Round((attribute(*e, "current_temperature", 20)+by)*10) / 10
		hvacAction(e)
	})
}
