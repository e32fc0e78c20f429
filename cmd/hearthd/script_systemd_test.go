package main

import (
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// notified is the key of a script's notifications.
type notified struct{}

// notifications are what systemd was told, as sd_notify(3) has it.
type notifications struct {
	mu   sync.Mutex
	text strings.Builder
}

// systemd listen: takes systemd's place on $NOTIFY_SOCKET. systemd wait PATTERN: waits until a line that
// matches has come.
func systemd(ts *testscript.TestScript, _ bool, args []string) {
	n := ts.Value(notified{}).(*notifications)
	switch args[0] {
	case "listen":
		path := filepath.Join(ts.Getenv("STATE"), "notify")
		socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
		ts.Check(err)
		ts.Setenv("NOTIFY_SOCKET", path)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			n.collect(socket)
		}()
		ts.Defer(func() {
			socket.Close()
			<-ended
		})
	case "wait":
		pattern := regexp.MustCompile("(?m)" + args[1])
		within(ts, func() error { return n.match(pattern) })
	default:
		ts.Fatalf("systemd %s?", args[0])
	}
}

// collect reads until the socket is closed.
func (n *notifications) collect(socket *net.UnixConn) {
	message := make([]byte, 4096)
	for {
		length, err := socket.Read(message)
		if err != nil {
			return
		}
		n.mu.Lock()
		n.text.Write(append(message[:length:length], '\n'))
		n.mu.Unlock()
	}
}

func (n *notifications) match(pattern *regexp.Regexp) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !pattern.MatchString(n.text.String()) {
		return fmt.Errorf("systemd was told nothing like %s, but:\n%s", pattern, n.text.String())
	}
	return nil
}
