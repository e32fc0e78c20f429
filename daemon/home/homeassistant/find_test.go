package homeassistant

import (
	"net"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/mdns"
)

func TestFindHearsWhatHomeAssistantAnnounces(t *testing.T) {
	zone, err := mdns.NewMDNSService("Hearth Test Home", service, "local.", "hearth-test.local.", 8123,
		[]net.IP{net.IPv4(192, 0, 2, 7)}, []string{"location_name=Our Home", "version=2026.2.3", "internal_url=http://ha.test:8123", "base_url=nonsense"})
	if err != nil {
		t.Fatal(err)
	}
	responder, err := mdns.NewServer(&mdns.Config{Zone: zone})
	if err != nil {
		t.Skipf("no multicast on this machine: %v", err)
	}
	defer responder.Shutdown()
	for _, f := range Find(t.Context(), time.Second) {
		if f.Name != "Our Home" {
			continue // somebody else's
		}
		if want := []string{"http://ha.test:8123", "http://192.0.2.7:8123"}; !slices.Equal(f.URLs, want) {
			t.Errorf("got %q, want %q", f.URLs, want)
		}
		return
	}
	t.Error("it was not found")
}

func TestCollectJoinsAnswersAndLeavesOutOthers(t *testing.T) {
	entries := make(chan *mdns.ServiceEntry, 3)
	entries <- &mdns.ServiceEntry{Name: `Home\ 1._home-assistant._tcp.local.`, AddrV4: net.IPv4(192, 0, 2, 7), Port: 8123}
	entries <- &mdns.ServiceEntry{Name: `Home\ 1._home-assistant._tcp.local.`, AddrV4: net.IPv4(192, 0, 2, 8), Port: 8123}
	entries <- &mdns.ServiceEntry{Name: "Printer._ipp._tcp.local.", AddrV4: net.IPv4(192, 0, 2, 9), Port: 631}
	close(entries)
	found := collect(entries)
	if len(found) != 1 || found[0].Name != "Home 1" || !slices.Equal(found[0].URLs, []string{"http://192.0.2.7:8123", "http://192.0.2.8:8123"}) {
		t.Errorf("got %+v", found)
	}
}
