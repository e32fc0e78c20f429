package daemon

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"hearth/daemon/intent"
)

// supplements are what Hearth adds to the published sentences, one file for each language that has any.
//
//go:embed supplement/*.yaml
var supplements embed.FS

// supplemented is a language with what Hearth adds to it.
func supplemented(published *intent.Language) (*intent.Language, error) {
	name := "supplement/" + published.Code + ".yaml"
	text, err := supplements.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return published, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what is added to the sentences: %w", err)
	}
	added, faults := intent.ParseCustom(name, text)
	language, more := published.WithSupplement(added)
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, fmt.Errorf("add to the published sentences: %w", faults)
	}
	return language, nil
}
