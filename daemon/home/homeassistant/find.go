package homeassistant

import (
	"context"
	"io"
	"log"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/mdns"
)

// service is what Home Assistant's zeroconf integration announces.
const service = "_home-assistant._tcp"

// A Found is a Home Assistant that announces itself on the network. Anybody there can: it is to be shown to the
// owner before it is told a secret.
type Found struct {
	Name string   // of the home: "Home"
	URLs []string // by which it may be reached, the likeliest first
}

// Find asks the network by mDNS, and returns after wait with those who answered, sorted by name. Networks that it
// cannot ask are left out.
func Find(ctx context.Context, wait time.Duration) []Found {
	entries := make(chan *mdns.ServiceEntry, 64) // more than any network has; what comes after them is dropped
	var asking sync.WaitGroup
	for _, network := range networks() {
		for _, version := range []int{4, 6} { // one that has only one of them would fail for both
			asking.Go(func() {
				_ = mdns.QueryContext(ctx, &mdns.QueryParam{
					Service: service, Domain: "local", Timeout: wait, Interface: network, Entries: entries,
					DisableIPv4: version == 6, DisableIPv6: version == 4, Logger: log.New(io.Discard, "", 0),
				})
			})
		}
	}
	asking.Wait()
	close(entries)
	return collect(entries)
}

// networks are the interfaces that multicast can be sent on; nil stands for the system's choice.
func networks() []*net.Interface {
	all, err := net.Interfaces()
	if err != nil {
		return []*net.Interface{nil}
	}
	var usable []*net.Interface
	for _, i := range all {
		if i.Flags&net.FlagUp != 0 && i.Flags&net.FlagMulticast != 0 {
			usable = append(usable, &i)
		}
	}
	return append(usable, nil)
}

// collect joins the answers of each Home Assistant: they come once by every network.
func collect(entries <-chan *mdns.ServiceEntry) []Found {
	byName := map[string]*Found{}
	for e := range entries {
		instance, ours := strings.CutSuffix(e.Name, "."+service+".local.")
		if !ours {
			continue
		}
		name, urls := announced(instance, e)
		if byName[instance] == nil {
			byName[instance] = &Found{Name: name}
		}
		f := byName[instance]
		for _, u := range urls {
			if !slices.Contains(f.URLs, u) {
				f.URLs = append(f.URLs, u)
			}
		}
	}
	found := make([]Found, 0, len(byName))
	for _, f := range byName {
		found = append(found, *f)
	}
	slices.SortFunc(found, func(a, b Found) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// announced reads one announcement: the addresses that Home Assistant gives of itself, then where it was heard.
func announced(instance string, e *mdns.ServiceEntry) (name string, urls []string) {
	name = strings.ReplaceAll(instance, `\`, "")
	for _, key := range []string{"internal_url", "base_url"} {
		for _, field := range e.InfoFields {
			value, ok := strings.CutPrefix(field, key+"=")
			if _, err := endpoint(value); ok && err == nil && !slices.Contains(urls, value) {
				urls = append(urls, value)
			}
		}
	}
	for _, field := range e.InfoFields {
		if value, ok := strings.CutPrefix(field, "location_name="); ok && value != "" {
			name = value
		}
	}
	if ip, ok := netip.AddrFromSlice(e.AddrV4.To4()); ok && e.Port > 0 {
		host := net.JoinHostPort(ip.String(), strconv.Itoa(e.Port))
		urls = append(urls, (&url.URL{Scheme: "http", Host: host}).String())
	}
	return name, urls
}
