package mqtt

import (
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"strings"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// An Account is one user of a Broker. Read and Write are topic filters, "hearth/+/state" or "hearth/#".
type Account struct {
	Username, Password string
	Read, Write        []string
}

// may tells whether the account may publish to a topic, or subscribe to a filter and get what matches it.
func (a Account) may(topic string, write bool) bool {
	if write {
		return slices.ContainsFunc(a.Write, func(filter string) bool { return covers(filter, topic) })
	}
	if shared, ok := strings.CutPrefix(topic, "$share/"); ok { // $share/<group>/<filter>, MQTT 5 section 4.8.2
		_, topic, _ = strings.Cut(shared, "/")
	}
	return slices.ContainsFunc(a.Read, func(filter string) bool { return covers(filter, topic) })
}

// covers tells whether all that matches topic, which may be a filter itself, matches filter. Wildcards at the
// beginning do not stand for topics that begin with "$" (MQTT 3.1.1 section 4.7.2).
func covers(filter, topic string) bool {
	if strings.HasPrefix(topic, "$") && !strings.HasPrefix(filter, "$") {
		return false
	}
	for {
		level, more, deeper := strings.Cut(filter, "/")
		if level == "#" {
			return true
		}
		given, rest, longer := strings.Cut(topic, "/")
		switch {
		case given == "#" || level != "+" && level != given:
			return false
		case !longer:
			return !deeper || more == "#" // "a/#" matches "a" too
		case !deeper:
			return false
		}
		filter, topic = more, rest
	}
}

// doorkeeper lets clients into a Broker by their accounts, or all when there are none.
type doorkeeper struct {
	mochi.HookBase
	accounts []Account
	own      Account // of the hub's own client, which may do everything
	ownID    string  // its client ID, which nobody else may take; "" when there is none
}

func newDoorkeeper(o BrokerOptions) *doorkeeper {
	d := &doorkeeper{accounts: o.Accounts}
	d.own = Account{Username: "hearth-" + rand.Text(), Password: rand.Text(), Read: []string{"#"}, Write: []string{"#"}}
	if o.ID != "" {
		d.ownID = clientID(o.ID)
	}
	return d
}

// ID implements mochi.Hook.
func (d *doorkeeper) ID() string { return "doorkeeper" }

// Provides implements mochi.Hook.
func (d *doorkeeper) Provides(hook byte) bool {
	return hook == mochi.OnConnectAuthenticate || hook == mochi.OnACLCheck
}

// OnConnectAuthenticate implements mochi.Hook. A last will is checked here, as it is published unchecked.
func (d *doorkeeper) OnConnectAuthenticate(_ *mochi.Client, p packets.Packet) bool {
	account, ok := d.signIn(p.Connect.Username, p.Connect.Password)
	if !ok || p.Connect.ClientIdentifier == d.ownID && d.ownID != "" && account.Username != d.own.Username {
		return false
	}
	return !p.Connect.WillFlag || account.may(p.Connect.WillTopic, true)
}

func (d *doorkeeper) signIn(username, password []byte) (Account, bool) {
	for _, a := range append([]Account{d.own}, d.accounts...) {
		name := subtle.ConstantTimeCompare(username, []byte(a.Username))
		if name&subtle.ConstantTimeCompare(password, []byte(a.Password)) == 1 {
			return a, true
		}
	}
	return d.anonymous(), len(d.accounts) == 0
}

// anonymous may do everything where there are no accounts, and nothing elsewhere.
func (d *doorkeeper) anonymous() Account {
	if len(d.accounts) > 0 {
		return Account{}
	}
	return Account{Read: []string{"#"}, Write: []string{"#"}}
}

// OnACLCheck implements mochi.Hook: for each message to publish, each subscription, and each message that
// a subscription matches.
func (d *doorkeeper) OnACLCheck(client *mochi.Client, topic string, write bool) bool {
	name := string(client.Properties.Username)
	for _, a := range append([]Account{d.own}, d.accounts...) {
		if a.Username == name {
			return a.may(topic, write)
		}
	}
	return d.anonymous().may(topic, write)
}
