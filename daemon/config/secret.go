package config

import (
	"cmp"
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
// name of a systemd credential (LoadCredential= of the unit), a file in $CREDENTIALS_DIRECTORY. That may
// be a list of folders, with colons between them, of which the first that has such a file counts.
func ReadSecret(source string) (Secret, error) {
	file, err := openSecret(source)
	if err != nil {
		return Secret{}, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	switch {
	case err != nil:
		return Secret{}, err
	case len(text) > maxSecret:
		return Secret{}, fmt.Errorf("%s is longer than %d bytes", file.Name(), maxSecret)
	}
	value := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if value == "" {
		return Secret{}, fmt.Errorf("%s is empty", file.Name())
	}
	return NewSecret(value), nil
}

func openSecret(source string) (*os.File, error) {
	if strings.ContainsRune(source, '/') {
		return os.Open(source)
	}
	dirs := filepath.SplitList(os.Getenv("CREDENTIALS_DIRECTORY"))
	if len(dirs) == 0 {
		return nil, errors.New("a name without / is a systemd credential, and CREDENTIALS_DIRECTORY is not set")
	}
	var first error
	for _, dir := range dirs {
		file, err := os.Open(filepath.Join(dir, source))
		if err == nil {
			return file, nil
		}
		first = cmp.Or(first, err)
	}
	return nil, first
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
