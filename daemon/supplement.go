package daemon

import (
	"embed"
	"fmt"
	"io/fs"

	"hearth/daemon/intent"
)

// supplements are what Hearth adds to the published sentences, in files of one idea each: "en.yaml", "en.memory.yaml".
//
//go:embed supplement/*.yaml
var supplements embed.FS

// supplemented is a language with what Hearth adds to it.
func supplemented(published *intent.Language) (*intent.Language, error) {
	names, err := fs.Glob(supplements, "supplement/"+published.Code+".*yaml")
	if err != nil || len(names) == 0 {
		return published, err
	}
	var added []*intent.Custom
	var faults intent.Faults
	for _, name := range names {
		text, err := supplements.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read what is added to the sentences: %w", err)
		}
		custom, found := intent.ParseCustom(name, text)
		added, faults = append(added, custom), append(faults, found...)
	}
	language, more := published.WithSupplement(added...)
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, fmt.Errorf("add to the published sentences: %w", faults)
	}
	return language, nil
}
