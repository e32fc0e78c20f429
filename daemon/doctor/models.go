package doctor

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/audio/stt"
	"hearth/daemon"
)

// fetchAssets is the remedy for files of the assets that are missing or damaged.
func (e *examination) fetchAssets() string { return daemon.MendAssets(e.AssetsDir()) }

// sentences compiles the published templates of the language and the owner's own.
func (e *examination) sentences(context.Context) []Finding {
	published, err := daemon.LoadTemplates(e.AssetsDir(), e.Language)
	switch {
	case errors.Is(err, daemon.ErrNoLanguage):
		return one(Problem, err.Error(), "set language to one of those")
	case err != nil:
		return one(Problem, err.Error(), e.fetchAssets())
	}
	findings := fine("those of language %s are there", e.Language)
	own, faults := daemon.LoadSentences(published, e.Sentences)
	if len(faults) > 0 {
		f := Finding{Level: Warning, Message: counted(len(faults), "fault") + " in your own sentences", Remedy: "mend the files; what is faulty is left out until then"}
		for _, fault := range faults {
			f.Items = append(f.Items, fault.String())
		}
		return append(findings, f)
	}
	if n := own.Custom(); n > 0 {
		findings = append(findings, fine("%s of your own", counted(n, "sentence"))...)
	}
	return findings
}

// models compares the files of the assets with the sums that were taken when they were made.
func (e *examination) models(ctx context.Context) []Finding {
	folders := []string{"sentences", "rbnf", "yesno"}
	if e.hears() {
		folders = append(folders, "onnxruntime", "whisper-tiny.en")
	}
	if _, err := os.Stat(daemon.WakeModel(e.Config)); err == nil { // that it is missing is for the check of wake words to say
		folders = append(folders, filepath.Base(daemon.WakeModel(e.Config)))
	}
	var findings []Finding
	for _, folder := range folders {
		path := filepath.Join(e.AssetsDir(), folder)
		err := whole(ctx, path)
		switch {
		case errors.Is(err, errUnsummed):
			findings = append(findings, one(Warning, path+" cannot be checked: it has no list of checksums", "nothing, if it was put there by hand; else "+e.fetchAssets())...)
		case err != nil:
			findings = append(findings, one(Problem, folder+": "+err.Error(), e.fetchAssets())...)
		}
	}
	if len(findings) == 0 {
		return fine("%s in %s are as they were made", strings.Join(folders, ", "), e.AssetsDir())
	}
	return findings
}

// hears tells whether speech is to be recognised, which it is in English only, and can be.
func (e *examination) hears() bool {
	return e.Hearing.Recogniser != "off" && e.Language == "en" && !e.lacksRecogniser()
}

// lacksRecogniser tells whether one is wanted and none is installed, as in the package for armhf. The check of the recogniser
// says so; of what follows from it nothing more is said.
func (e *examination) lacksRecogniser() bool {
	return e.Hearing.Recogniser != "off" && e.Language == "en" && !slices.ContainsFunc([]string{"onnxruntime", "whisper-tiny.en"}, func(folder string) bool {
		_, err := os.Stat(filepath.Join(e.AssetsDir(), folder))
		return err == nil
	})
}

var errUnsummed = errors.New("no checksums")

// whole compares each file of a folder with the list that packaging/assets.sh leaves: a line that says what the
// folder was made from, then the output of sha256sum.
func whole(ctx context.Context, folder string) error {
	if _, err := os.Stat(folder); err != nil {
		return err
	}
	list, err := os.Open(filepath.Join(folder, ".made"))
	if errors.Is(err, fs.ErrNotExist) {
		return errUnsummed
	}
	if err != nil {
		return err
	}
	defer list.Close()
	lines := bufio.NewScanner(list)
	lines.Scan()
	for lines.Scan() && ctx.Err() == nil {
		want, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok {
			return fmt.Errorf("the list %s is unreadable", list.Name())
		}
		got, err := sumOf(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("%s is damaged: its checksum differs", filepath.Join(folder, name))
		}
	}
	return errors.Join(lines.Err(), context.Cause(ctx))
}

func sumOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// recogniser starts one, unless the daemon has it at work.
func (e *examination) recogniser(ctx context.Context) []Finding {
	switch {
	case e.Hearing.Recogniser == "off":
		return fine("switched off (hearing.recogniser)")
	case e.Language != "en":
		return one(Warning, "speech is recognised in English only, and language is "+e.Language, "type the sentences, or set hearing.recogniser to off")
	case e.works("recogniser"):
		return fine("the daemon has it at work")
	case e.lacksRecogniser():
		return one(Warning, "this package has no recogniser: what is spoken is not understood",
			"type the sentences, and set hearing.recogniser to off (armhf has none); else "+e.fetchAssets())
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	worker := stt.NewWorker(stt.WorkerOptions{
		Command:  []string{e.executable, "recogniser", "--assets", e.AssetsDir(), "--threads", strconv.Itoa(e.Hearing.Threads)},
		Deadline: e.Hearing.Timeout, Log: e.log, Registerer: prometheus.NewRegistry(),
	})
	started := false
	err := worker.Run(ctx, func() { started = true; stop() })
	if !started {
		return one(Problem, fmt.Sprintf("it does not start: %v", err), e.fetchAssets())
	}
	return fine("it starts")
}
