package mqtt

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func checked(address, password string) ClientOptions {
	return ClientOptions{
		Broker: "tcp://" + address, ID: "hub", Username: "owner", Password: password,
		Logger: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry(),
	}
}

func TestCheckKnowsWhomTheBrokerLetsIn(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{Accounts: []Account{{Username: "owner", Password: "right", Read: []string{"#"}, Write: []string{"#"}}}})
	if err := Check(t.Context(), checked(b.Addr().String(), "right")); err != nil {
		t.Errorf("the right password: %v", err)
	}
	if err := Check(t.Context(), checked(b.Addr().String(), "wrong")); !errors.Is(err, ErrCredentials) {
		t.Errorf("a wrong password: got %v, want ErrCredentials", err)
	}
}

func TestCheckLeavesNothingBehind(t *testing.T) {
	b, _ := startBroker(t, BrokerOptions{})
	p := newPeer(t, b, nil)
	if err := Check(t.Context(), checked(b.Addr().String(), "")); err != nil {
		t.Fatal(err)
	}
	p.send("hearth/end", false, "")
	if m := <-p.messages; m.Topic() != "hearth/end" {
		t.Errorf("it published %s", m.Topic())
	}
}

func TestCheckDoesNotWaitForASilentBroker(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := Check(ctx, checked(l.Addr().String(), "")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of its time", err)
	}
}
