package mqtt

import (
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
)

func TestBrokerTellsThatItsAddressIsInUse(t *testing.T) {
	first, _ := startBroker(t, BrokerOptions{})
	second, err := NewBroker(BrokerOptions{Listen: first.Addr().String(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Run(t.Context()); !errors.Is(err, ErrAddressInUse) || !strings.Contains(err.Error(), first.Addr().String()) {
		t.Errorf("got %v, want ErrAddressInUse with the address", err)
	}
}

func TestBrokerStaysOnLoopback(t *testing.T) {
	for _, listen := range []string{"0.0.0.0:1883", ":1883", "192.168.1.2:1883", "broker.local:1883", "127.0.0.1"} { // without accounts
		if _, err := NewBroker(BrokerOptions{Listen: listen}); err == nil {
			t.Errorf("%s should be refused", listen)
		}
	}
}

func TestBrokerStopsWithASilentConnection(t *testing.T) {
	b, stop := startBroker(t, BrokerOptions{})
	conn, err := net.Dial("tcp", b.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	newPeer(t, b, nil) // by now the silent connection is accepted
	stop()
	if b.Addr() != nil {
		t.Error("a stopped broker has no address")
	}
}
