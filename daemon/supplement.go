package daemon

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"hearth/daemon/intent"
)

// supplements are what Hearth adds to the published sentences, in each folder one file for each language that has any.
//
//go:embed supplement/*.yaml supplement/house/*.yaml
var supplements embed.FS

// supplemented is a language with what Hearth adds to it.
func supplemented(published *intent.Language) (*intent.Language, error) {
	var added []*intent.Custom
	var faults intent.Faults
	for _, name := range []string{"supplement/" + published.Code + ".yaml", "supplement/house/" + published.Code + ".yaml"} {
		text, err := supplements.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read what is added to the sentences: %w", err)
		}
		file, found := intent.ParseCustom(name, text)
		added, faults = append(added, file), append(faults, found...)
	}
	if len(added) == 0 {
		return published, nil
	}
	language, more := published.WithSupplement(added...)
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, fmt.Errorf("add to the published sentences: %w", faults)
	}
	return language, nil
}
