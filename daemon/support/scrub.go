package support

import (
	"cmp"
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hearth/daemon/config"
	"hearth/storage/history"
)

// A scrubber takes out of a text what must not be told. Parts leave such things out in the first place; it is for
// what an error or a log line may carry along.
type scrubber struct {
	known  *strings.Replacer
	people *regexp.Regexp // nil for none
}

const (
	shortestSecret = 3 // a shorter one could be anything
	shortestName   = 4 // of hosts, rooms, paths
	shortestSpeech = 8 // "yes" and "stop" tell nothing
	turnsKnown     = 5000
)

// newScrubber knows the secrets that can be read, the settings that are not shown, what was said, and this host.
func newScrubber(ctx context.Context, c *config.Config) *scrubber {
	hidden := map[string]string{}
	hide := func(text, as string, shortest int) {
		name := strings.ReplaceAll(text, "_", " ") // of the area living_room: "Living Room"
		for _, form := range []string{text, strings.ToLower(text), upperFirst(text), name, upperFirst(name), titled(name)} {
			if utf8.RuneCountInString(form) >= shortest && hidden[form] == "" {
				hidden[form] = as
			}
		}
	}
	for _, secret := range secrets(c) {
		hide(secret, "[secret]", shortestSecret)
	}
	var people []string
	for _, s := range private(c) {
		hide(s.value, "["+s.field+"]", shortestName)
		if s.field == "people.name" {
			people = append(people, regexp.QuoteMeta(s.value))
		}
	}
	if said, err := history.Said(ctx, c.HistoryPath(), turnsKnown); err == nil {
		for _, sentence := range said {
			hide(sentence, "[said]", shortestSpeech)
		}
	}
	if host, err := os.Hostname(); err == nil && host != "localhost" {
		hide(host, "[host]", shortestName)
	}
	s := &scrubber{known: replacer(hidden)}
	if len(people) > 0 { // who may be called Al: as a word of its own
		s.people = regexp.MustCompile(`(?i)(^|[^\pL\pN])(?:` + strings.Join(people, "|") + `)($|[^\pL\pN])`)
	}
	return s
}

// replacer looks for the longest first, for one may be a part of another.
func replacer(hidden map[string]string) *strings.Replacer {
	texts := make([]string, 0, len(hidden))
	for text := range hidden {
		texts = append(texts, text)
	}
	slices.SortFunc(texts, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	var pairs []string
	for _, text := range texts {
		pairs = append(pairs, text, hidden[text])
	}
	return strings.NewReplacer(pairs...)
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

func titled(s string) string {
	words := strings.Fields(s)
	for i, word := range words {
		words[i] = upperFirst(word)
	}
	return strings.Join(words, " ")
}

// What secrets and addresses look like that nobody has told of.
var (
	signIn = regexp.MustCompile(`(?i)((?:\b|_)(?:bearer|basic|token|password|passwd|passphrase|api[_-]?key|secret|pin)["']?\s*[:= ]\s*)` +
		`(?:"[^"\n]{4,}"|'[^'\n]{4,}'|["']?[^\s"',;]{4,})`)
	webToken = regexp.MustCompile(`\beyJ[\w-]{8,}(?:\.[\w-]*)*|\bsk-[\w-]{12,}|\b(?:gh[pousr]|github_pat|hf|glpat|xox[abp])[_-][\w-]{12,}`)
	location = regexp.MustCompile(`\b([a-z][a-z0-9+]*://)([^\s/"'\\[\]]+|\[[0-9a-fA-F:]+\](?::\d+)?)`)
	homes    = regexp.MustCompile(`/home/[^/\s"':]+`)
	mail     = regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.-]+`)
	ipv4     = regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b`)
	ipv6     = regexp.MustCompile(`(?i)\b[0-9a-f]{1,4}:[0-9a-f:]*:[0-9a-f:]*[0-9a-f]{1,4}\b`)
	local    = regexp.MustCompile(`(?i)\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:local|lan|home|internal|localdomain|fritz\.box|home\.arpa|ts\.net)\b`)
)

// clean is safe for a text of any kind.
func (s *scrubber) clean(text []byte) []byte {
	out := s.known.Replace(strings.ToValidUTF8(string(text), "\uFFFD"))
	for range 2 { // two in a row share what stands between them
		if s.people != nil {
			out = s.people.ReplaceAllString(out, "${1}[people.name]${2}")
		}
	}
	out = webToken.ReplaceAllString(out, "[secret]")
	out = signIn.ReplaceAllString(out, "${1}[secret]")
	out = location.ReplaceAllStringFunc(out, func(found string) string {
		m := location.FindStringSubmatch(found)
		return m[1] + hostAndPort(m[2])
	})
	out = homes.ReplaceAllString(out, "/home/[user]")
	out = mail.ReplaceAllString(out, "[mail]")
	out = local.ReplaceAllString(out, "[host]")
	for _, pattern := range []*regexp.Regexp{ipv4, ipv6} {
		out = pattern.ReplaceAllStringFunc(out, address)
	}
	return []byte(out)
}

// address shows one of this machine, and no other.
func address(text string) string {
	ip, err := netip.ParseAddr(text)
	if err != nil || ip.IsLoopback() || ip.IsUnspecified() {
		return text
	}
	return "[address]"
}

// secrets are what the files hold that the configuration names, and the credentials of the service.
func secrets(c *config.Config) []string {
	var all []string
	take := func(source string) {
		if secret, err := config.ReadSecret(source); err == nil {
			all = append(all, secret.Reveal())
			all = append(all, strings.Fields(secret.Reveal())...)
		}
	}
	for _, s := range texts(c) {
		if strings.HasSuffix(s.field, "_file") && s.value != "" {
			take(s.value)
		}
	}
	for _, dir := range filepath.SplitList(os.Getenv("CREDENTIALS_DIRECTORY")) {
		credentials, _ := filepath.Glob(filepath.Join(dir, "*"))
		for _, path := range credentials {
			if !strings.Contains(filepath.Base(path), ".yaml") { // neither the settings nor those of before
				take(path)
			}
		}
	}
	return all
}
