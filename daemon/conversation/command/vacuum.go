package command

import "hearth/daemon/home"

var (
	vacuums = []string{"vacuum"}
	mowers  = []string{"lawn_mower"}
)

func vacuumStart(q request) (Command, error) {
	return q.each(want{domains: vacuums, can: feature(vacuumStartBit)}, "start")
}

func vacuumReturn(q request) (Command, error) {
	return q.each(want{domains: vacuums, can: feature(vacuumReturnHome)}, "return_to_base")
}

func mowerStart(q request) (Command, error) {
	return q.each(want{domains: mowers, can: feature(mowerStartMowing)}, "start_mowing")
}

func mowerDock(q request) (Command, error) {
	return q.each(want{domains: mowers, can: feature(mowerDockBit)}, "dock")
}

// each calls the service without data on every target.
func (q request) each(w want, service string) (Command, error) {
	targets, err := q.targets(w)
	if err != nil {
		return Command{}, err
	}
	return act(targets, func(e home.Entity) home.Call { return call(e, service, nil) }), nil
}

// vacuumClean sends one vacuum to clean an area: the named one, else one that stands in the area or on
// its floor, else the only one. A vacuum that knows no areas cleans the one it stands in by starting.
func vacuumClean(q request) (Command, error) {
	p, err := q.place()
	if err != nil {
		return Command{}, err
	}
	if p.unknown || len(p.areas) == 0 {
		return Command{}, ErrNeedsRoom
	}
	area := p.areas[0]
	anywhere := q
	anywhere.Slots, anywhere.NeedsArea = without(q.Slots, "area"), false
	found, err := anywhere.targets(want{domains: vacuums, can: cleans(area)})
	if err != nil {
		return Command{}, err
	}
	vacuum, err := nearest(q.Home, found, area)
	if err != nil {
		return Command{}, err
	}
	return act([]home.Entity{vacuum}, func(e home.Entity) home.Call { return clean(e, area) }), nil
}

// cleans is the capability of cleaning this area.
func cleans(area string) capability {
	return func(e home.Entity) bool {
		return feature(vacuumCleanArea)(e) || e.Area == area && feature(vacuumStartBit)(e)
	}
}

func clean(e home.Entity, area string) home.Call {
	if !feature(vacuumCleanArea)(e) {
		return call(e, "start", nil)
	}
	return call(e, "clean_area", map[string]any{"cleaning_area_id": []string{area}})
}

// nearest chooses among entities the one in the area, then the one on its floor, then the only one.
func nearest(s *home.Snapshot, found []home.Entity, area string) (home.Entity, error) {
	floor := floorOf(s, area)
	for _, test := range []capability{
		func(e home.Entity) bool { return e.Area == area },
		func(e home.Entity) bool { return floor != "" && floorOf(s, e.Area) == floor },
		nil,
	} {
		if near := keep(found, test); len(near) == 1 {
			return near[0], nil
		}
	}
	return home.Entity{}, &TargetError{Key: "duplicate_targets"}
}
