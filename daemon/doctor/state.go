package doctor

import (
	"context"
	"errors"
	"io/fs"

	"hearth/daemon/settings"
	"hearth/storage/cache"
)

// asDaemon is the remedy for what this user may not look at.
const asDaemon = "run hearthd doctor as root, or as the user of the daemon"

// settings reads what an owner has set while Hearth ran.
func (e *examination) settings(context.Context) []Finding {
	_, err := settings.Open(e.SettingsPath())
	switch {
	case errors.Is(err, fs.ErrPermission):
		return one(Warning, err.Error(), asDaemon)
	case err != nil:
		return one(Problem, err.Error()+": the microphone is muted, for nobody knows whether it may listen",
			"remove the file and restart the daemon: what was set in Home Assistant, such as volume and wake word, has to be set anew")
	}
	return fine("what was set while Hearth ran can be read")
}

// cache reads what is remembered for a while, which a running daemon has to itself and looks after.
func (e *examination) cache(context.Context) []Finding {
	if e.parts != nil {
		return nil
	}
	err := cache.Check(e.CachePath())
	switch {
	case err == nil, errors.Is(err, fs.ErrNotExist):
		return fine("what is remembered for a while can be read")
	case errors.Is(err, fs.ErrPermission):
		return one(Warning, err.Error(), asDaemon)
	case errors.Is(err, cache.ErrDamaged):
		return one(Warning, err.Error(), "nothing: the next start sets it aside and begins a new one; if it happens again, look for faults of the disk: dmesg")
	}
	return one(Warning, err.Error(), "see that no other hearthd uses "+e.StateDir+"; else look for faults of the disk: dmesg")
}
