package mqtt

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// TLSConfig reads PEM files: the certificate authorities of the broker, "" for those that the system trusts,
// and this client's certificate and key, "" for none. The broker's certificate is always checked.
func TLSConfig(ca, certificate, key string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, fmt.Errorf("mqtt.ca_file: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("mqtt.ca_file %q: %w", ca, errors.New("there is no certificate in PEM format in it"))
		}
	}
	if certificate == "" {
		return config, nil
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("mqtt.cert_file %q, mqtt.key_file %q: %w", certificate, key, err)
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}
