// Package settings keeps what an owner sets while Hearth runs: microphone, volume, language, model, wake word. It is
// one small JSON file, replaced as a whole, so that a power cut leaves the old settings or the new ones.
package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Values are the settings.
type Values struct {
	Muted     bool         `json:"muted"`
	Volume    int          `json:"volume"` // of spoken replies, percent
	Language  Choice       `json:"language"`
	Model     Choice       `json:"model"`
	WakeWord  Choice       `json:"wake_word"`
	Announced Announcement `json:"announced"`
}

// A Choice goes before a setting of the configuration file, until that one is changed.
type Choice struct {
	Over  string `json:"over"` // what the file said when the choice was made
	Value string `json:"value"`
}

// Or is the choice when there is one for what the file says, else what the file says.
func (c Choice) Or(file string) string {
	if c.Value == "" || c.Over != file {
		return file
	}
	return c.Value
}

// An Announcement is what Home Assistant was told of over MQTT, so that it can be taken back.
type Announcement struct {
	Topic      string            `json:"topic"`
	Components map[string]string `json:"components,omitempty"` // key to platform
}

// Settings are safe for concurrent use.
type Settings struct {
	path string

	mu      sync.Mutex
	values  Values
	changed chan struct{} // closed at the next change
}

// Open reads the file at path, which need not be there. When it cannot be read the error says so and the
// settings are usable all the same: muted, because nobody knows any more that the microphone may listen.
func Open(path string) (*Settings, error) {
	s := &Settings{path: path, values: Values{Volume: 100}, changed: make(chan struct{})}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = s.read(text)
	}
	if err != nil {
		s.values = Values{Volume: 100, Muted: true}
		return s, fmt.Errorf("read settings %s: %w", path, err)
	}
	return s, nil
}

func (s *Settings) read(text []byte) error {
	if err := json.Unmarshal(text, &s.values); err != nil {
		return err
	}
	if v := s.values.Volume; v < 0 || v > 100 {
		return fmt.Errorf("volume is %d: want 0 to 100", v)
	}
	return nil
}

// Get are the settings as they are now.
func (s *Settings) Get() Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values
}

// Changed is closed when a setting changes after the call.
func (s *Settings) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// Change changes settings. They hold at once; with an error they do not outlive a restart.
func (s *Settings) Change(change func(*Values)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.values)
	close(s.changed)
	s.changed = make(chan struct{})
	if err := s.write(); err != nil {
		return fmt.Errorf("keep settings: %w", err)
	}
	return nil
}

// write returns when the new file is on the disk in the place of the old one.
func (s *Settings) write() error {
	text, err := json.MarshalIndent(s.values, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(s.path), ".settings-*")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), s.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return syncFolder(filepath.Dir(s.path))
}

// syncFolder makes a rename last (fsync(2)).
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
