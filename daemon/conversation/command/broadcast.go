package command

import "hearth/daemon/home"

// broadcast says a message on every satellite of the home but those of the speaker's room.
func broadcast(q request) (Command, error) {
	message := q.text("message")
	if message == "" {
		return Command{}, errorf(ErrBadSlot, "message of %s is empty", q.Intent)
	}
	targets, err := q.targets(want{domains: []string{"assist_satellite"}, can: feature(satelliteAnnounce)})
	if err != nil {
		return Command{}, err
	}
	others := keep(targets, func(e home.Entity) bool { return q.Room == "" || e.Area != q.Room })
	if len(others) == 0 {
		return Command{}, &TargetError{"no_domain", map[string]any{"domain": "assist_satellite"}}
	}
	return act(others, func(e home.Entity) home.Call {
		return call(e, "announce", map[string]any{"message": message})
	}), nil
}
