// Package support gathers what is needed to find out why a hub does not do as it should, for its owner to give to
// others: no secrets, nothing that anybody has said, and no names of hosts, people, rooms and files of the owner's.
package support

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"runtime"
	"time"

	"hearth/daemon/config"
	"hearth/daemon/doctor"
)

// Options are what a bundle is made of. All fields but Fault must be set.
type Options struct {
	Version    string // of this program
	Executable string // its path
	Config     *config.Config
	// Fault is why Config, which then is incomplete, does not hold; nil when it does.
	Fault error
	Now   time.Time
}

// A File is one file of a bundle.
type File struct {
	Name  string
	About string // what it holds, in a few words
	Size  int    // in bytes
}

// partTime is how long one part may take. The doctor has limits of its own, which add up to less.
const partTime = 40 * time.Second

// A part makes one file, or as much of it as can be had: an error is written below it.
type part struct {
	name, about string
	write       func(context.Context, io.Writer) error
}

type bundle struct{ Options }

// Write writes a bundle to w, as a tar archive in gzip's format, and returns what is in it. What cannot be found out
// is said in the file that it is missing from; the error is of writing to w alone.
func Write(ctx context.Context, w io.Writer, o Options) ([]File, error) {
	b := &bundle{o}
	scrub := newScrubber(ctx, o.Config)
	parts := []part{
		{"version.txt", "version, operating system, processor, memory, sound cards", b.machine},
		{"configuration.yaml", "your settings, without secrets, names and addresses", b.settings},
		{"doctor.txt", "what hearthd doctor finds", b.doctor},
		{"ready.json", "how the parts of the running daemon are", b.ready},
		{"metrics.txt", "its metrics", b.metrics},
		{"journal.txt", "its log of a week, without details (level debug)", b.journal},
		{"systemd.txt", "what systemd knows of the service", b.systemd},
		{"storage.txt", "sizes and schema versions of databases, and which models are there", b.storage},
	}
	folder := fmt.Sprintf("hearthd-support-%s", o.Now.UTC().Format("20060102-150405"))
	zip := gzip.NewWriter(w)
	archive := tar.NewWriter(zip)
	var files []File
	for _, p := range parts {
		text := scrub.clean(p.text(ctx))
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		header := &tar.Header{Name: path.Join(folder, p.name), Mode: 0o600, Size: int64(len(text)), ModTime: o.Now}
		if err := archive.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := archive.Write(text); err != nil {
			return nil, err
		}
		files = append(files, File{p.name, p.about, len(text)})
	}
	return files, errors.Join(archive.Close(), zip.Close())
}

func (p part) text(ctx context.Context) []byte {
	ctx, cancel := context.WithTimeout(ctx, partTime)
	defer cancel()
	var b bytes.Buffer
	if err := p.write(ctx, &b); err != nil {
		fmt.Fprintf(&b, "not all can be told: %v\n", err)
	}
	return b.Bytes()
}

// doctor leaves out what findings list: names of devices and rooms.
func (b *bundle) doctor(ctx context.Context, w io.Writer) error {
	if b.Fault != nil {
		return errors.New("the configuration has faults, which configuration.yaml lists")
	}
	report := doctor.Examine(ctx, doctor.Options{Config: b.Config, Executable: b.Executable})
	for i := range report.Findings {
		report.Findings[i].Items = nil
	}
	return report.WriteText(w)
}

func (b *bundle) settings(_ context.Context, w io.Writer) error {
	for _, line := range settings(b.Config) {
		fmt.Fprintln(w, line)
	}
	var faults config.Faults
	if errors.As(b.Fault, &faults) {
		for _, f := range faults {
			f.File, f.Value = "", "" // what was written there may be anything
			fmt.Fprintln(w, "# fault:", f)
		}
		return nil
	}
	return b.Fault
}

func (b *bundle) machine(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, "hearthd %s, %s, %s/%s, %d processors\n", b.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	return errors.Join(
		show(w, "/proc/sys/kernel/osrelease", nil),
		show(w, "/etc/os-release", startsWith("PRETTY_NAME=")),
		show(w, "/proc/device-tree/model", nil),
		show(w, "/proc/cpuinfo", once(startsWith("model name", "Model"))),
		show(w, "/proc/meminfo", startsWith("MemTotal", "MemAvailable", "SwapTotal")),
		show(w, "/proc/loadavg", nil),
		show(w, "/proc/pressure/memory", nil),
		show(w, "/proc/asound/cards", nil),
		run(ctx, w, "uptime", "--pretty"),
	)
}
