package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// A Secret is a password or token. However it is printed, encoded or logged, it shows as [redacted];
// only Reveal tells it. The zero Secret is empty. A Secret may be copied, and used by many at once.
type Secret struct {
	value *string // a pointer, so that printing an unexported field with a Secret shows an address
}

const redacted = "[redacted]"

// TokenCredential is the name of the systemd credential, and of the file, that holds Home Assistant's token.
const TokenCredential = "home_assistant_token"

// maxSecret is the longest secret that is read, in bytes: far more than any token, far less than what
// a mistaken path might lead to.
const maxSecret = 64 << 10

// NewSecret keeps a value that did not come from a file.
func NewSecret(value string) Secret { return Secret{&value} }

// ReadSecret reads a secret from a file, without its last line break. A source without a slash is the
// name of a systemd credential (LoadCredential= of the unit), a file in $CREDENTIALS_DIRECTORY.
func ReadSecret(source string) (Secret, error) {
	path, err := secretPath(source)
	if err != nil {
		return Secret{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return Secret{}, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	switch {
	case err != nil:
		return Secret{}, err
	case len(text) > maxSecret:
		return Secret{}, fmt.Errorf("%s is longer than %d bytes", path, maxSecret)
	}
	value := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if value == "" {
		return Secret{}, fmt.Errorf("%s is empty", path)
	}
	return NewSecret(value), nil
}

func secretPath(source string) (string, error) {
	if strings.ContainsRune(source, '/') {
		return source, nil
	}
	dir := os.Getenv("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return "", errors.New("a name without / is a systemd credential, and CREDENTIALS_DIRECTORY is not set")
	}
	return filepath.Join(dir, source), nil
}

// Reveal is the secret itself.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero tells whether there is no secret.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// String is not the secret.
func (s Secret) String() string { return redacted }

// Format prints [redacted] for every verb.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, redacted) }

// MarshalText encodes [redacted], for JSON and other text formats.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalYAML encodes [redacted].
func (s Secret) MarshalYAML() (any, error) { return redacted, nil }

// LogValue logs [redacted].
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
