package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"

	"hearth/daemon/conversation"
	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A language is one language's sentences, compiled together with the home's names. Names that have changed
// are compiled when the home's registry has.
type language struct {
	snapshot func() *home.Snapshot
	renamed  func(*intent.Language, intent.Names) // called whenever sentences or the home's names have changed
	log      *slog.Logger

	mu       sync.Mutex
	registry string
	current  understanding // there is one once change was called

	reading  sync.Mutex // guards what follows
	readFrom *intent.Language
	words    *intent.Vocabulary
}

// understanding joins the two halves that a conversation asks for.
type understanding struct {
	*intent.Home     // Recognize
	*intent.Language // Respond, Apology
}

var _ conversation.Understanding = understanding{}

// ErrNoLanguage is returned for a language of which there are no sentences, and wraps those that there are.
var ErrNoLanguage = errors.New("no sentences in that language")

// languages are those that sentences are there for.
func languages(assets string) []string {
	files, _ := filepath.Glob(filepath.Join(assets, "sentences", "*.json")) // the pattern is well formed
	var codes []string
	for _, file := range files {
		if code := strings.TrimSuffix(filepath.Base(file), ".json"); code != "intents" { // what all of them may mean
			codes = append(codes, code)
		}
	}
	return codes
}

// MendAssets is what an owner does about files of the assets that are missing or damaged.
func MendAssets(assets string) string {
	if strings.HasPrefix(assets, "/usr/") {
		return "install the package once more: sudo apt install --reinstall ./hearthd_*.deb"
	}
	return "run make assets, or set assets to the folder that has them"
}

// LoadTemplates loads the sentence templates of one language from the assets, and what Hearth adds.
func LoadTemplates(assets, name string) (*intent.Language, error) {
	published, err := intent.Load(filepath.Join(assets, "sentences", name+".json"))
	if there := languages(assets); errors.Is(err, fs.ErrNotExist) && len(there) > 0 {
		return nil, fmt.Errorf("%w: language is %q, and there are %s", ErrNoLanguage, name, strings.Join(there, ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("load the sentences of language %q (%s): %w", name, MendAssets(assets), err)
	}
	return supplemented(published)
}

// intents are those of the language that a turn may have, the owner's own among them.
func (l *language) intents() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(l.current.Intents(), func(name string) bool { return name == command.NoTitle || name == command.Ware })
}

// understanding is the language with the home's names as they are now.
func (l *language) understanding() conversation.Understanding {
	l.mu.Lock()
	defer l.mu.Unlock()
	snapshot := l.snapshot() // never older than the one before
	if snapshot.Registry() != l.registry {
		l.registry = snapshot.Registry()
		l.current = l.compile(l.current.Language, l.current.With, snapshot)
	}
	return l.current
}

// compile joins sentences and names with the given function: all names, or those that have changed.
func (l *language) compile(templates *intent.Language, join func(intent.Names) *intent.Home, snapshot *home.Snapshot) understanding {
	names := namesOf(snapshot)
	joined := understanding{join(names), templates}
	l.log.Info("names compiled", "entities", len(snapshot.Entities), "areas", len(snapshot.Areas))
	l.renamed(templates, names)
	return joined
}

// change replaces the sentences. The old ones serve until the new ones are compiled with the home's names.
func (l *language) change(templates *intent.Language) {
	for {
		l.mu.Lock()
		before := l.registry
		l.mu.Unlock()
		snapshot := l.snapshot()
		if l.take(before, snapshot.Registry(), l.compile(templates, templates.Home, snapshot)) {
			return
		}
	}
}

// take puts the next understanding in place of the current one, unless names were compiled in the meantime.
func (l *language) take(before, registry string, next understanding) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.registry != before {
		return false
	}
	l.registry, l.current = registry, next
	return true
}

// namesOf are the names that may be heard: those of exposed entities, and all areas and floors.
func namesOf(snapshot *home.Snapshot) intent.Names {
	var names intent.Names
	contexts := map[string]map[string]string{} // one for all entities of a domain
	for _, e := range snapshot.Entities {
		if !e.Exposed {
			continue
		}
		domain := e.Domain()
		if contexts[domain] == nil {
			contexts[domain] = map[string]string{"domain": domain}
		}
		names.Entities = append(names.Entities, intent.Name{
			ID: string(e.ID), Names: sayable(e.Name, e.Aliases), Context: contexts[domain],
		})
	}
	for _, a := range snapshot.Areas {
		names.Areas = append(names.Areas, intent.Name{ID: a.ID, Names: sayable(a.Name, a.Aliases)})
	}
	for _, f := range snapshot.Floors {
		names.Floors = append(names.Floors, intent.Name{ID: f.ID, Names: sayable(f.Name, f.Aliases)})
	}
	return names
}

// sayable are a name and the others, and each of them without what nobody says of it: quotation marks, brackets and
// emoji.
func sayable(name string, others []string) []string {
	all := append([]string{name}, others...)
	for _, n := range all {
		if !strings.ContainsFunc(n, unsaid) {
			continue
		}
		plain := strings.Join(strings.FieldsFunc(n, func(r rune) bool { return r == ' ' || unsaid(r) }), " ")
		if plain != "" {
			all = append(all, plain)
		}
	}
	return all
}

func unsaid(r rune) bool {
	return strings.ContainsRune("\"“”„«»‹›()[]{}<>\u200d\ufe0f", r) || unicode.In(r, unicode.So, unicode.Sk)
}
