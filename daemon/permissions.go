package daemon

import (
	"context"
	"log/slog"
	"os/user"
	"slices"
	"strconv"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/conversation"
	"hearth/daemon/home/gate"
)

// gateOptions are the owner's settings of the gate.
func (d *Daemon) gateOptions() gate.Options {
	c := d.cfg.Gate
	o := gate.Options{
		Now:      d.opts.Now,
		Critical: targets(c.Critical), Harmless: targets(c.Harmless), PIN: c.PIN.Reveal(), PINFor: targets(c.PINFor),
		Codes: !c.Code.IsZero(), Tries: d.wrongPINs(), Burst: c.CallsPerMinute, Per: time.Minute, Log: d.log,
	}
	for _, r := range c.Rules {
		o.Rules = append(o.Rules, permission(r))
	}
	return o
}

// permission is a rule of the configuration, of which exactly one kind is set.
func permission(r config.Rule) gate.Rule {
	rule := gate.Rule{Rooms: r.Rooms, People: r.People}
	for verdict, named := range map[conversation.GateVerdict][]string{
		conversation.Allow: r.Allow, conversation.Confirm: r.Confirm, conversation.PIN: r.PIN, conversation.Refuse: r.Deny,
	} {
		if len(named) > 0 {
			rule.Verdict, rule.Targets = verdict, targets(named)
		}
	}
	rule.Hours.From, rule.Hours.To, _ = config.ParseHours(r.Hours)
	return rule
}

func targets(named []string) []gate.Target {
	all := make([]gate.Target, len(named)) // not nil, which would mean the default
	for i, name := range named {
		all[i] = gate.Target(name)
	}
	return all
}

// wrongPINs are those of before a restart, so that one is no way around a lockout. While the history cannot be
// read, there may have been any number of them.
func (d *Daemon) wrongPINs() []gate.Try {
	now := time.Now()
	entries, err := d.store.WrongPINs(context.Background(), now.Add(-gate.TriesCount))
	if err != nil {
		d.log.Warn("no PIN or code is taken for a while: the wrong ones of before cannot be read", "for", gate.TriesCount, "error", err)
		return slices.Repeat([]gate.Try{{At: now}}, gate.MaxTries)
	}
	var tries []gate.Try
	for _, e := range entries {
		tries = append(tries, gate.Try{Session: e.Session, At: e.At})
	}
	return tries
}

// Person is the name of whoever has this Unix account, "" when it is nobody's.
func (d *Daemon) Person(user int) string { return d.people[user] }

// peopleOf are the names by Unix user ID.
func peopleOf(c *config.Config, log *slog.Logger) map[int]string {
	people := map[int]string{}
	for _, p := range c.People {
		id, err := strconv.Atoi(p.User)
		if err != nil {
			var account *user.User
			if account, err = user.Lookup(p.User); err == nil {
				id, err = strconv.Atoi(account.Uid)
			}
		}
		if err != nil {
			log.Warn("a person cannot be known: there is no such account", "person", p.Name, "user", p.User, "error", err)
			continue
		}
		people[id] = p.Name
	}
	return people
}
