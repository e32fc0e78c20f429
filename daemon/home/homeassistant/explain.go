package homeassistant

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
)

// ErrNotHomeAssistant says that something else answers at the address.
var ErrNotHomeAssistant = errors.New("what answers there is not Home Assistant, or a proxy in front of it lets no WebSocket through")

// explain says what an owner can do about a connection that did not come about. The response is nil when there
// was none.
func explain(response *http.Response, err error) error {
	var unverified *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("%w; name the file with its certificate, or with that of the authority that signed it, in home.ca_file", err)
	case errors.As(err, &name):
		return fmt.Errorf("%w; use the name that the certificate is for", err)
	case errors.As(err, &unverified):
		return fmt.Errorf("%w; its certificate has to be mended", err)
	case errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%w; use http:// instead of https://", err)
	case response != nil && response.StatusCode != http.StatusSwitchingProtocols:
		return fmt.Errorf("%w: it answers %s", ErrNotHomeAssistant, response.Status)
	}
	return err
}
