package web

import (
	"errors"
	"net"
	"os"
	"strings"
	"testing"

	"hearth/daemon/conversation"
)

func TestSocketIsForOwnerAndGroup(t *testing.T) {
	o := options(t)
	start(t, o)
	info, err := os.Stat(o.Socket)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o660 {
		t.Errorf("mode %v, want 0660", mode)
	}
}

func TestDeadSocketIsReplaced(t *testing.T) {
	o := options(t)
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: o.Socket, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false) // as a killed process leaves it
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	_, c, _ := start(t, o)
	if _, err := c.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestLivingSocketIsLeftAlone(t *testing.T) {
	o := options(t)
	_, c, _ := start(t, o)
	if _, err := listenUnix(o.Socket); !errors.Is(err, ErrSocketInUse) {
		t.Errorf("got %v, want ErrSocketInUse", err)
	}
	if _, err := c.Ready(t.Context()); err != nil {
		t.Errorf("the first server should still answer: %v", err)
	}
}

func TestOtherFilesAreLeftAlone(t *testing.T) {
	o := options(t)
	if err := os.WriteFile(o.Socket, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := listenUnix(o.Socket); err == nil {
		t.Error("a file in the socket's place should be an error")
	}
	if got, err := os.ReadFile(o.Socket); err != nil || string(got) != "precious" {
		t.Errorf("the file is now %q, %v", got, err)
	}
}

func TestLongSocketPath(t *testing.T) {
	if _, err := listenUnix("/run/" + strings.Repeat("a", 110)); err == nil || !strings.Contains(err.Error(), "at most 107") {
		t.Errorf("got %v", err)
	}
}

func TestTakenAddressIsAnError(t *testing.T) {
	o := options(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	o.Listen = taken.Addr().String()
	if err := New(o).Run(t.Context()); err == nil || !strings.Contains(err.Error(), o.Listen) {
		t.Errorf("got %v, want an error that names %s", err, o.Listen)
	}
}

// The kernel tells whose the connection is; TCP tells nothing.
func TestTheSocketTellsWhoCalls(t *testing.T) {
	o := options(t)
	users := make(chan int, 1)
	o.Turns = func(user int, _ conversation.Observer) Turns {
		users <- user
		return echo{}
	}
	_, c, _ := start(t, o)
	if _, err := c.Say(t.Context(), SayRequest{Text: "hello"}); err != nil {
		t.Fatal(err)
	}
	if user := <-users; user != os.Getuid() {
		t.Errorf("user %d, want %d", user, os.Getuid())
	}
	one, other := net.Pipe()
	defer one.Close()
	defer other.Close()
	if user := CallerOf(withCaller(t.Context(), one)); user != Unknown {
		t.Errorf("user %d of no socket", user)
	}
	if user := CallerOf(t.Context()); user != Unknown {
		t.Errorf("user %d of no connection", user)
	}
}

func TestTheAuditIsRead(t *testing.T) {
	_, c, _ := start(t, options(t))
	if entries, err := c.Audit(t.Context(), 2); err != nil || len(entries) != 2 {
		t.Errorf("%v, %v", entries, err)
	}
}
