package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/home/homeassistant"
)

// clocksApart is what the clocks of two machines may differ by before timers and logs disagree noticeably.
const clocksApart = 5 * time.Second

// home reads the whole home, and looks at what can be said to it.
func (e *examination) home(ctx context.Context) []Finding {
	if e.Home.Kind == "demo" {
		findings := one(Warning, "it is the simulated one", "hearthd pair connects your Home Assistant")
		return append(findings, e.contents(demo.New().Snapshot())...)
	}
	token, err := config.ReadSecret(e.Home.TokenFile)
	if err != nil {
		return one(Problem, fmt.Sprintf("home.token_file cannot be read: %v", err), "run hearthd doctor as root, or hearthd pair to set up a new token")
	}
	view, err := homeassistant.Look(ctx, homeassistant.Address{URL: e.Home.URL, CAFile: e.Home.CAFile}, token.Reveal())
	switch {
	case errors.Is(err, homeassistant.ErrRefused):
		return one(Problem, err.Error(), "hearthd pair sets up a new token")
	case errors.Is(err, homeassistant.ErrNotHomeAssistant):
		return one(Problem, err.Error(), "hearthd pair finds the right address")
	case view == nil:
		return one(Problem, err.Error(), "see that it runs, and that home.url opens in a browser; hearthd pair finds it when its address has changed")
	case err != nil:
		return append(about(e.Home.URL, view), one(Problem, "its entities cannot be read: "+err.Error(), "read the log of Home Assistant")...)
	}
	return append(about(e.Home.URL, view), e.contents(view.Home)...)
}

// about is what is to be said of Home Assistant itself.
func about(url string, view *homeassistant.View) []Finding {
	findings := fine("Home Assistant %s at %s takes the token", view.Version, url)
	if !homeassistant.Supported(view.Version) {
		findings = append(findings, one(Warning, fmt.Sprintf("Home Assistant %s is older than Hearth was made for", view.Version),
			"update Home Assistant to "+homeassistant.Oldest+" or newer")...)
	}
	if view.State != "" && view.State != "RUNNING" {
		findings = append(findings, one(Warning, "Home Assistant is not running yet, but "+view.State, "wait until it has started all its parts")...)
	}
	if apart := view.Ahead.Abs(); apart > clocksApart {
		findings = append(findings, one(Warning, fmt.Sprintf("the clock of Home Assistant differs by %s", apart.Round(time.Second)),
			"have both machines synchronise their clocks: timedatectl set-ntp true")...)
	}
	return findings
}

// contents looks at a home's entities, names and places.
func (e *examination) contents(h *home.Snapshot) []Finding {
	exposed := 0
	for _, entity := range h.Entities {
		if entity.Exposed {
			exposed++
		}
	}
	if exposed == 0 {
		return one(Problem, fmt.Sprintf("none of its %d entities is exposed to Assist: nothing can be said to it", len(h.Entities)),
			"expose what Hearth may hear of: Settings > Voice assistants > Expose in Home Assistant")
	}
	findings := fine("%d of %d entities are exposed to Assist, in %s", exposed, len(h.Entities), counted(len(h.Areas), "area"))
	findings = append(findings, e.room(h)...)
	for _, look := range []func(*home.Snapshot) *Finding{
		colliding, unspeakable, e.unheard, withoutArea, emptyAreas, e.critical, e.unread,
	} {
		if f := look(h); f != nil {
			findings = append(findings, *f)
		}
	}
	return findings
}

func (e *examination) room(h *home.Snapshot) []Finding {
	area, ok := h.Area(e.Room)
	switch {
	case e.Room == "":
		return one(Warning, `this hub stands in no room: "turn on the light" has to name one`, "hearthd pair --area AREA, or set room")
	case !ok:
		f := Finding{Level: Problem, Message: fmt.Sprintf("room is %q, and the home has no area of that ID", e.Room), Remedy: "hearthd pair --area AREA, or set room to one of these"}
		for _, a := range h.Areas {
			f.Items = append(f.Items, a.ID)
		}
		return []Finding{f}
	}
	return []Finding{{Level: OK, Message: "this hub stands in a room of the home", Items: []string{area.Name}}}
}
