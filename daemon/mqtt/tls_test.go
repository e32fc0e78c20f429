package mqtt

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An authority makes certificates, in PEM files.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, dir: t.TempDir()}
	a.issue("ca", &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	return a
}

// issue writes NAME.pem and NAME.key, signed by the authority, or by itself when it is the first.
func (a *authority) issue(name string, template *x509.Certificate) (cert, key string) {
	a.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	template.SerialNumber, template.Subject = big.NewInt(time.Now().UnixNano()), pkix.Name{CommonName: name}
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, private
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, private.Public(), signer)
	if err != nil {
		a.t.Fatal(err)
	}
	if a.cert == nil {
		a.key = private
		if a.cert, err = x509.ParseCertificate(der); err != nil {
			a.t.Fatal(err)
		}
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		a.t.Fatal(err)
	}
	return a.write(name+".pem", "CERTIFICATE", der), a.write(name+".key", "PRIVATE KEY", raw)
}

func (a *authority) write(name, kind string, der []byte) string {
	path := filepath.Join(a.dir, name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return path
}

func (a *authority) file() string { return filepath.Join(a.dir, "ca.pem") }

// behindTLS is a broker that speaks TLS, for 127.0.0.1, and wants a client's certificate or not.
func behindTLS(t *testing.T, a *authority, wantClient bool, hosts ...net.IP) string {
	t.Helper()
	b, _ := startBroker(t, BrokerOptions{})
	pair, err := tls.LoadX509KeyPair(a.issue("broker", &x509.Certificate{IPAddresses: hosts}))
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: x509.NewCertPool()}
	config.ClientCAs.AddCert(a.cert)
	if wantClient {
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	return relayThrough(t, l, b.Addr().String()).address()
}

func TestTheBrokersCertificateIsChecked(t *testing.T) {
	ours, other := newAuthority(t), newAuthority(t)
	here := net.IPv4(127, 0, 0, 1)
	clientCert, clientKey := ours.issue("client", &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	for name, test := range map[string]struct {
		address       string
		ca, cert, key string
		err           string
	}{
		"its authority is named":      {behindTLS(t, ours, false, here), ours.file(), "", "", ""},
		"another authority is named":  {behindTLS(t, ours, false, here), other.file(), "", "", "unknown authority"},
		"the system does not know it": {behindTLS(t, ours, false, here), "", "", "", "unknown authority"},
		"it is of another host":       {behindTLS(t, ours, false, net.IPv4(10, 0, 0, 1)), ours.file(), "", "", "10.0.0.1"},
		"the client has one too":      {behindTLS(t, ours, true, here), ours.file(), clientCert, clientKey, ""},
		"the client has none":         {behindTLS(t, ours, true, here), ours.file(), "", "", "connect to MQTT broker"},
	} {
		t.Run(name, func(t *testing.T) {
			config, err := TLSConfig(test.ca, test.cert, test.key)
			if err != nil {
				t.Fatal(err)
			}
			c := newClient(t, test.address, func(o *ClientOptions) { o.Broker, o.TLS = "ssl://"+test.address, config })
			up := make(chan struct{}, 1)
			_, ended := running(t, func(ctx context.Context) error { return c.Run(ctx, func() { up <- struct{}{} }) })
			select {
			case <-up:
				if test.err != "" {
					t.Error("connected")
				}
			case err := <-ended:
				if test.err == "" || err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, want %q", err, test.err)
				}
			}
		})
	}
}

func TestTLSFilesAreChecked(t *testing.T) {
	a := newAuthority(t)
	for _, test := range []struct{ ca, cert, key, err string }{
		{ca: "/nonexistent/ca.pem", err: "mqtt.ca_file"},
		{ca: filepath.Join(a.dir, "ca.key"), err: "no certificate in PEM format"},
		{cert: a.file(), key: "/nonexistent/key", err: "mqtt.key_file"},
	} {
		if _, err := TLSConfig(test.ca, test.cert, test.key); err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%+v: got %v", test, err)
		}
	}
}
