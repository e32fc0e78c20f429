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
	known *strings.Replacer
	alone map[string]string // by words in lower case that are hidden where they stand alone
}

const (
	shortestSecret = 3 // a shorter one could be anything
	shortestName   = 4 // of hosts, rooms, paths
	shortestAlone  = 2 // of people and hosts, as a word of its own: Al, nas
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
	alone := map[string]string{}
	for _, s := range private(c) {
		hide(s.value, "["+s.field+"]", shortestName)
		if s.name {
			for _, name := range names(s.value) {
				alone[name] = "[" + s.field + "]"
			}
		}
	}
	if said, err := history.Said(ctx, c.HistoryPath(), turnsKnown); err == nil {
		for _, sentence := range said {
			hide(sentence, "[said]", shortestSpeech)
		}
	}
	if host, err := os.Hostname(); err == nil && host != "localhost" && !ordinary[strings.ToLower(host)] {
		hide(host, "[host]", shortestName)
	}
	return &scrubber{known: replacer(hidden), alone: alone}
}

// word is what stands between two things that are no letters and no digits.
var word = regexp.MustCompile(`[\pL\pM\pN]+`)

// names are what a name is known by, in lower case: of "Ana de Vries" the first and the last word.
func names(text string) []string {
	var all []string
	for _, w := range word.FindAllString(text, -1) {
		first, _ := utf8.DecodeRuneInString(w)
		if (w == text || unicode.IsUpper(first)) && unicode.IsLetter(first) && utf8.RuneCountInString(w) >= shortestAlone && !ordinary[strings.ToLower(w)] {
			all = append(all, strings.ToLower(w))
		}
	}
	return all
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
	signIn = regexp.MustCompile(`(?i)((?:(?:\w*(?:token|password|passwd|passphrase|secret|(?:api|access|private)[_-]?key)|(?:\b|\w*_)(?:bearer|basic|pin))` +
		`(?:\\?["']?[ \t]*[:=][ \t]*|[ \t]+))+)` + // then what is in quotes, or in quotes within quotes; one that never ends takes the rest of the line
		`(?:"(?:\\.|[^"\\\n])+"|'[^'\n]+'|\\"(?:[^"\\\n]|\\\\(?:\\.)?|\\[^"\\\n])+\\"|\\?["'][^\n]{4,}|[^\s"',;\\]{4,})`)
	webToken = regexp.MustCompile(`\beyJ[\w-]{8,}(?:\.[\w-]*)*|\b(?:sk-|gh[pousr]_|github_pat_|glpat-|hf_|xox[a-z]-)[\w-]{12,}`)
	location = regexp.MustCompile(`\b([a-z][a-z0-9+]*://)([^\s/"'\\[\]]*[^\s/"'\\[\],;.)]|\[[0-9a-fA-F:]+\](?::\d+)?)`)
	homes    = regexp.MustCompile(`/home/[^/\s"':]+`)
	mail     = regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.-]+`)
	ipv4     = regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b`)
	ipv6     = regexp.MustCompile(`(?i)\b[0-9a-f]{1,4}:[0-9a-f:]*:[0-9a-f:]*[0-9a-f]{1,4}\b`)
	local    = regexp.MustCompile(`(?i)\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:local|lan|home|internal|localdomain|fritz\.box|home\.arpa|ts\.net)\b`)
)

// clean is safe for a text of any kind.
func (s *scrubber) clean(text []byte) []byte {
	out := s.known.Replace(strings.ToValidUTF8(string(text), "\uFFFD"))
	out = word.ReplaceAllStringFunc(out, func(w string) string { return cmp.Or(s.alone[strings.ToLower(w)], w) })
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
