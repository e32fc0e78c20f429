package demo

import (
	"time"

	"hearth/daemon/home"
)

// homeward is how long a vacuum or a mower drives to its dock.
const homeward = 6 * time.Second

// drivesHome is a service that sends a vacuum or a mower to its dock.
func drivesHome(h *Home, e home.Entity, d *data) []effect {
	way := passes("returning", "docked", homeward)
	if h.longWays {
		way = reaches("returning")
	}
	return way(h, e, d)
}

func vacuums() map[string]service {
	return map[string]service{
		"vacuum.start":          reaches("cleaning"),
		"vacuum.pause":          reaches("paused"),
		"vacuum.stop":           reaches("idle"),
		"vacuum.return_to_base": drivesHome,
		"vacuum.clean_area":     vacuumCleanArea,
		"vacuum.clean_spot":     reaches("cleaning"),
		"vacuum.locate":         func(*Home, home.Entity, *data) []effect { return nil }, // it chirps and reports nothing
		"vacuum.set_fan_speed":  picks("fan_speed", "fan_speed", "fan_speed_list"),
	}
}

func vacuumCleanArea(h *Home, e home.Entity, d *data) []effect {
	areas := d.texts("cleaning_area_id")
	d.need("cleaning_area_id", len(areas) > 0, "an area, or a list of them")
	for _, id := range areas {
		if _, ok := h.Snapshot().Area(id); !ok {
			d.refuse("cleaning_area_id", id, "the ID of an area")
		}
	}
	return reaches("cleaning")(h, e, d)
}

func lawnMowers() map[string]service {
	return map[string]service{
		"lawn_mower.start_mowing": reaches("mowing"),
		"lawn_mower.pause":        reaches("paused"),
		"lawn_mower.dock":         drivesHome,
	}
}
