package support

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	journalLines = 5000
	longestLine  = 1 << 20 // of the journal, in bytes
	worst        = 6       // LOG_INFO: what is below it may tell what was said
)

// kept are the attributes of a log line that are kept: by the rules of Hearth's log none holds speech, and these are
// what a fault is found by.
var kept = []string{
	"HEARTH_COMPONENT", "HEARTH_ERROR", "HEARTH_REASON", "HEARTH_STATUS", "HEARTH_VERSION", "HEARTH_TOOK", "HEARTH_WAITING",
	"HEARTH_LATE", "HEARTH_AFTER", "HEARTH_KIND", "HEARTH_ENDPOINT", "HEARTH_PROVIDER", "HEARTH_MODEL", "HEARTH_ENTITIES",
}

// journal is what the service has logged, line by line.
func (b *bundle) journal(ctx context.Context, w io.Writer) error {
	journalctl := exec.CommandContext(ctx, "journalctl", "--unit=hearthd.service", "--since=-7days", "--output=json", "--no-pager", "--all",
		"--lines="+strconv.Itoa(journalLines), "--priority="+strconv.Itoa(worst))
	out, err := journalctl.StdoutPipe()
	if err != nil {
		return err
	}
	if err := journalctl.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		if line := logLine(lines.Bytes(), b.Fault == nil); line != "" {
			fmt.Fprintln(w, line)
		}
	}
	_, _ = io.Copy(io.Discard, out) // so that it ends
	if err := journalctl.Wait(); err != nil {
		return fmt.Errorf("journalctl: %w; run hearthd support as root, or as a member of the group systemd-journal", err)
	}
	return lines.Err()
}

// What slog writes, as text or as JSON.
var (
	message  = regexp.MustCompile(`(?:^|[ ,{])"?msg"?[=:]("(?:[^"\\]|\\.)*"|\S+)`)
	detailed = regexp.MustCompile(`\blevel=DEBUG\b|"level":"DEBUG"`)
)

// logLine is an entry of the journal: "" for one that is not to be told. Where the configuration cannot be read, nobody
// knows which secrets and which history to keep out of it: only messages of Hearth's own are told then, whose words
// are always the same.
func logLine(entry []byte, all bool) string {
	var fields map[string]any // a text, or a list of bytes when it is not UTF-8
	if json.Unmarshal(entry, &fields) != nil {
		return ""
	}
	text := func(field string) string { s, _ := fields[field].(string); return s }
	priority, err := strconv.Atoi(text("PRIORITY"))
	if err != nil || priority > worst {
		return ""
	}
	said := text("MESSAGE")
	if detailed.MatchString(said) {
		return ""
	}
	m := message.FindStringSubmatch(said)
	if m == nil && !all && text("SYSLOG_IDENTIFIER") != "systemd" {
		return ""
	}
	if m != nil {
		if said = m[1]; said[0] == '"' {
			said, _ = strconv.Unquote(said)
		}
		for _, field := range kept {
			if value := text(field); value != "" && (all || field == "HEARTH_COMPONENT") {
				said += " " + strings.ToLower(strings.TrimPrefix(field, "HEARTH_")) + "=" + strconv.Quote(value)
			}
		}
	}
	at, _ := strconv.ParseInt(text("__REALTIME_TIMESTAMP"), 10, 64)
	return fmt.Sprintf("%s <%d> %s", time.UnixMicro(at).UTC().Format(time.RFC3339), priority, said)
}
