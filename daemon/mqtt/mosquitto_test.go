package mqtt

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// A mosquitto is the broker that most homes have, with TLS and passwords.
type mosquitto struct {
	t         *testing.T
	authority *authority
	address   string
	config    string
	process   *exec.Cmd
}

func newMosquitto(t *testing.T) *mosquitto {
	t.Helper()
	program, err := exec.LookPath("mosquitto")
	if err != nil {
		t.Skipf("no mosquitto: %v", err)
	}
	m := &mosquitto{t: t, authority: newAuthority(t)}
	cert, key := m.authority.issue("broker", &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
	passwords := filepath.Join(m.authority.dir, "passwords")
	for i, account := range []string{"hearth", "home"} {
		arguments := []string{"-b", passwords, account, "secret of " + account}
		if i == 0 {
			arguments = append([]string{"-c"}, arguments...)
		}
		if out, err := exec.Command("mosquitto_passwd", arguments...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	m.address = freeAddress(t)
	_, port, _ := net.SplitHostPort(m.address)
	m.config = filepath.Join(m.authority.dir, "mosquitto.conf")
	text := fmt.Sprintf("listener %s 127.0.0.1\ncafile %s\ncertfile %s\nkeyfile %s\nallow_anonymous false\npassword_file %s\nmax_queued_messages 0\n",
		port, m.authority.file(), cert, key, passwords)
	if os.Getuid() == 0 {
		text += "user root\n"
	}
	if err := os.WriteFile(m.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.stop)
	m.start(program)
	return m
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (m *mosquitto) start(program string) {
	m.t.Helper()
	m.process = exec.Command(program, "-c", m.config)
	if err := m.process.Start(); err != nil {
		m.t.Fatal(err)
	}
	for late := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", m.address)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(late) {
			m.t.Fatal(err)
		}
	}
}

func (m *mosquitto) stop() {
	_ = m.process.Process.Kill()
	_ = m.process.Wait()
}

// client is Hearth's, with this password.
func (m *mosquitto) client(h *fakeHub, password string) *Client {
	config, err := TLSConfig(m.authority.file(), "", "")
	if err != nil {
		m.t.Fatal(err)
	}
	return newClient(m.t, m.address, func(o *ClientOptions) {
		discovering(h)(o)
		o.Broker, o.TLS, o.Username, o.Password = "ssl://"+m.address, config, "hearth", password
	})
}

// as signs another program in.
func (m *mosquitto) as(account, id string) func(*paho.ClientOptions) {
	config, err := TLSConfig(m.authority.file(), "", "")
	if err != nil {
		m.t.Fatal(err)
	}
	return func(o *paho.ClientOptions) {
		o.Servers = nil
		o.AddBroker("ssl://" + m.address).SetTLSConfig(config)
		o.SetUsername(account).SetPassword("secret of " + account).SetClientID(id)
	}
}

// TestMosquitto has the hub on a broker that wants TLS and a password, among ten thousand retained messages, pushed
// off by a twin, and without its broker for a while.
func TestMosquitto(t *testing.T) {
	m := newMosquitto(t)
	h := newFakeHub()
	if err := m.client(h, "wrong").Run(t.Context(), func() { t.Error("connected with a wrong password") }); !errors.Is(err, ErrCredentials) {
		t.Errorf("with a wrong password: %v", err)
	}

	filler, err := dialAs(t, m.as("home", "filler"))
	if err != nil {
		t.Fatal(err)
	}
	config := `{"name":"` + strings.Repeat("x", 400) + `"}`
	for i := range 10_000 {
		token := filler.Publish(fmt.Sprintf("homeassistant/sensor/s%d/config", i), 1, true, config)
		if err := paho.WaitTokenTimeout(token, patience); err != nil {
			t.Fatal(err)
		}
	}

	up := make(chan struct{}, 10)
	c := m.client(h, "secret of hearth")
	serve := func(ctx context.Context) error { return c.Run(ctx, func() { up <- struct{}{} }) }
	_, ended := running(t, serve)
	<-up
	home, err := dialAs(t, m.as("home", "home"))
	if err != nil {
		t.Fatal(err)
	}
	found := make(chan struct{}, 20_000)
	home.Subscribe("homeassistant/device/+/config", 1, func(paho.Client, paho.Message) { found <- struct{}{} })
	<-found
	if err := paho.WaitTokenTimeout(home.Publish("hearth/hub/mute/set", 1, false, "ON"), patience); err != nil {
		t.Fatal(err)
	}
	if got := <-h.done; got != "mute ON" {
		t.Errorf("did %q", got)
	}

	twin, err := dialAs(t, m.as("hearth", "hearth-hub"))
	if err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "mqtt.id") {
		t.Errorf("pushed off by a twin: %v, want an error with its remedy", err)
	}
	twin.Disconnect(100)

	_, ended = running(t, serve)
	<-up
	m.stop()
	if err := <-ended; err == nil {
		t.Error("nobody noticed that the broker is gone")
	}
	m.start(m.process.Path)
	running(t, serve)
	<-up
}

// dialAs connects another program.
func dialAs(t *testing.T, options func(*paho.ClientOptions)) (paho.Client, error) {
	o := paho.NewClientOptions().SetAutoReconnect(false)
	options(o)
	client := paho.NewClient(o)
	err := paho.WaitTokenTimeout(client.Connect(), patience)
	t.Cleanup(func() { client.Disconnect(100) })
	return client, err
}
