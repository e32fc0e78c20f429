package daemon

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/daemon/intent"
)

// lookEvery is how often the folder of an owner's sentences is looked at. What has changed is read once it is
// the same in two looks: an editor may be half way through a file.
const lookEvery = 2 * time.Second

// loggedFaults bounds the faults that are logged of one change; `hearthd check` has them all.
const loggedFaults = 20

// A sentenceFolder is where an owner keeps sentences: a folder for each language, with files in Home
// Assistant's format.
type sentenceFolder struct {
	dir string // "" for none
	// kept are the files as they last could be read, by path: one that is broken goes on as it was.
	kept map[string]*intent.Custom
}

// LoadSentences adds an owner's sentences, those of dir/<language>, to the published ones. What is faulty is
// left out. A folder that is not there holds none.
func LoadSentences(published *intent.Language, dir string) (*intent.Language, intent.Faults) {
	folder := sentenceFolder{dir: dir}
	return folder.load(published)
}

// HasSentences tells whether there is any file to load, be it in the wrong place.
func HasSentences(dir, language string) bool {
	folder := sentenceFolder{dir: dir}
	return len(folder.files(language)) > 0
}

func (f *sentenceFolder) load(published *intent.Language) (*intent.Language, intent.Faults) {
	var files []*intent.Custom
	var faults intent.Faults
	kept := map[string]*intent.Custom{}
	for _, file := range f.files(published.Code) {
		if file.fault != nil {
			faults = append(faults, *file.fault)
			continue
		}
		custom, found := f.read(file.path)
		if custom == nil {
			custom = f.kept[file.path]
		}
		kept[file.path] = custom
		files, faults = append(files, custom), append(faults, found...)
	}
	f.kept = kept
	if len(files) == 0 {
		return published, faults
	}
	language, found := published.WithCustom(files...)
	return language, append(faults, found...).Sorted()
}

func (f *sentenceFolder) read(path string) (*intent.Custom, intent.Faults) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a file") // to read a pipe would wait for whoever writes to it
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, intent.Faults{{File: path, Problem: err.Error(), Want: "a file that hearthd may read"}}
	}
	return intent.ParseCustom(path, text)
}

// sentenceFile is a file to be read, or one that is in the wrong place.
type sentenceFile struct {
	path  string
	state string // changes with the file
	fault *intent.Fault
}

// files are those of one language in the order of their names, its folders' too. Hidden ones are left alone:
// editors keep their own files there.
func (f *sentenceFolder) files(language string) []sentenceFile {
	if f.dir == "" {
		return nil
	}
	var files []sentenceFile
	misplaced := func(name, problem, want string) {
		path := filepath.Join(f.dir, name)
		files = append(files, sentenceFile{path: path, fault: &intent.Fault{File: path, Problem: problem, Want: want}})
	}
	err := fs.WalkDir(os.DirFS(f.dir), ".", func(name string, entry fs.DirEntry, err error) error {
		top, _, inside := strings.Cut(name, "/")
		switch hidden := name != "." && strings.HasPrefix(entry.Name(), "."); {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			misplaced(name, err.Error(), "a folder that hearthd may read")
			return fs.SkipDir
		case entry.IsDir() && (hidden || name != "." && top != language):
			return fs.SkipDir
		case entry.IsDir() || hidden:
		case path.Ext(name) == ".yml":
			misplaced(name, "files that end in .yml are not read", strings.TrimSuffix(name, ".yml")+".yaml")
		case path.Ext(name) != ".yaml":
		case !inside:
			misplaced(name, "it is in no folder of a language, and not read", path.Join(language, name))
		default:
			files = append(files, sentenceFile{path: filepath.Join(f.dir, name), state: stateOf(filepath.Join(f.dir, name))})
		}
		return nil
	})
	if err != nil {
		misplaced("", err.Error(), "")
	}
	return files
}

// stateOf is the size and time of a file, following links.
func stateOf(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
}

// ownSentences keep a language up to date with its owner's folder.
type ownSentences struct {
	folder    sentenceFolder
	published *intent.Language
	changed   func(*intent.Language) // called with each new language
	log       *slog.Logger

	loaded        string // state of the folder when it was read
	count, faults prometheus.Gauge
}

func newOwnSentences(published *intent.Language, dir string, changed func(*intent.Language), log *slog.Logger, metrics prometheus.Registerer) *ownSentences {
	s := &ownSentences{
		folder: sentenceFolder{dir: dir}, published: published, changed: changed, log: log,
		count: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hearth_sentences_custom_sentences", Help: "Sentences of the owner's own that are understood.",
		}),
		faults: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hearth_sentences_custom_faults", Help: "Faults in the owner's sentences; hearthd check tells where.",
		}),
	}
	metrics.MustRegister(s.count, s.faults)
	return s
}

// load reads the folder and hands the language on, then says how the folder was found.
func (s *ownSentences) load() {
	before := s.loaded
	s.loaded = s.state()
	language, faults := s.folder.load(s.published)
	s.changed(language)
	s.count.Set(float64(language.Custom()))
	s.faults.Set(float64(len(faults)))
	for _, fault := range faults[:min(len(faults), loggedFaults)] {
		s.log.Warn("fault in the owner's sentences", "fault", fault.String())
	}
	if s.loaded != before {
		s.log.Info("owner's sentences are in use", "files", len(s.folder.kept), "sentences", language.Custom(), "faults", len(faults))
	}
}

// state changes with the folder; "" is an empty one.
func (s *ownSentences) state() string {
	var b strings.Builder
	for _, file := range s.folder.files(s.published.Code) {
		fmt.Fprintf(&b, "%s\x00%s\n", file.path, file.state)
	}
	return b.String()
}

// run is the component "sentences".
func (s *ownSentences) run(ctx context.Context) error {
	before := s.loaded
	for sleep(ctx, lookEvery) {
		now := s.state()
		if now == before && now != s.loaded {
			s.load()
		}
		before = now
	}
	return nil
}
