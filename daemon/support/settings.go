package support

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"hearth/daemon/config"
)

// shown are the settings whose text tells nothing of a home: words that Hearth itself gives a meaning, and names of
// models. All other text is hidden unless it is the default, also of settings that are yet to be invented.
var shown = []string{
	"language", "home.kind", "hearing.recogniser", "speech.engine", "speech.speaker", "model.name", "model.local", "model.embeddings", "search.engine",
	"model.others.kind", "model.others.name", "model.embeddings", "search.engine", "log.level", "log.format",
}

// places are those that hold an address or a URL, of which the host is hidden.
var places = []string{"web.listen", "mqtt.listen", "ollama.listen", "mcp.listen", "home.url", "model.url", "model.others.url", "search.url", "mcp.servers.url", "mqtt.broker"}

// words are what a setting may be besides something of the owner's.
var words = []string{"auto", "off", "embedded"}

// A setting is the text of one, by its field: "model.others.url".
type setting struct {
	field, value string
	name         bool // of a person or a host, to be hidden however short it is
}

// settings are the lines that tell the configuration, each with its field, in the order of the file.
func settings(c *config.Config) []string {
	var lines []string
	walk(reflect.ValueOf(c).Elem(), reflect.ValueOf(config.Default()).Elem(), "", func(field string, value, standard reflect.Value) {
		lines = append(lines, field+": "+told(field, value, standard))
	})
	return lines
}

// walk visits each setting with its default, which is the zero Value for what lists hold.
func walk(section, standard reflect.Value, path string, visit func(field string, value, standard reflect.Value)) {
	for i := range section.NumField() {
		f := section.Type().Field(i)
		key := f.Tag.Get("yaml")
		if key == "" || key == "-" {
			continue
		}
		field := strings.TrimPrefix(path+"."+key, ".")
		value, before := section.Field(i), reflect.Value{}
		if standard.IsValid() {
			before = standard.Field(i)
		}
		switch {
		case value.Kind() == reflect.Struct:
			walk(value, before, field, visit)
		case value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.Struct:
			for i := range value.Len() {
				walk(value.Index(i), reflect.Value{}, field, visit)
			}
		default:
			visit(field, value, before)
		}
	}
}

// told is how a setting is shown.
func told(field string, value, standard reflect.Value) string {
	if standard.IsValid() && reflect.DeepEqual(value.Interface(), standard.Interface()) {
		return fmt.Sprintf("%v", value)
	}
	switch value.Kind() {
	case reflect.String:
		return toldText(field, value.String())
	case reflect.Slice:
		return fmt.Sprintf("[%d]", value.Len())
	}
	return fmt.Sprintf("%v", value)
}

func toldText(field, text string) string {
	switch {
	case text == "" || slices.Contains(shown, field) || slices.Contains(words, text):
		return text
	case slices.Contains(places, field):
		return place(text)
	}
	return "[set]"
}

// schemes are those of the places that Hearth can reach.
var schemes = []string{"http", "https", "tcp", "ssl", "tls", "mqtt", "mqtts", "ws", "wss"}

// place is a URL or an address without its host. In one that is faulty anything may be the host.
func place(text string) string {
	u, err := url.Parse(text)
	switch {
	case err == nil && u.Host != "" && slices.Contains(schemes, u.Scheme):
		return u.Scheme + "://" + hostAndPort(u.Host)
	case strings.Contains(text, "/"):
		return "[set]"
	}
	return hostAndPort(text)
}

// hostAndPort hides the host, but tells whether it is this machine, the local network or elsewhere.
func hostAndPort(text string) string {
	host, port, err := net.SplitHostPort(text)
	if _, odd := strconv.ParseUint(port, 10, 16); err != nil || odd != nil { // "user:password@nas" has a port that is none
		host, port = text, ""
	}
	if port != "" {
		port = ":" + port
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	switch {
	case host == "", host == "localhost", err == nil && (ip.IsLoopback() || ip.IsUnspecified()):
		return host + port
	case config.Away("http://" + host):
		return "[host elsewhere]" + port
	}
	return "[host nearby]" + port
}

// texts are all settings that are text, those in lists included.
func texts(c *config.Config) []setting {
	var all []setting
	walk(reflect.ValueOf(c).Elem(), reflect.Value{}, "", func(field string, value, _ reflect.Value) {
		switch value.Kind() {
		case reflect.String:
			all = append(all, setting{field: field, value: value.String()})
		case reflect.Slice:
			for i := range value.Len() {
				all = append(all, setting{field: field, value: fmt.Sprint(value.Index(i))})
			}
		}
	})
	return all
}

// Files are the paths of files that the configuration names, by their settings. Credentials of systemd are not among them.
func Files(c *config.Config) map[string]string {
	files := map[string]string{}
	for _, s := range texts(c) {
		if strings.HasSuffix(s.field, "_file") && strings.Contains(s.value, "/") {
			files[s.field] = s.value
		}
	}
	return files
}

// private are those that are not shown as they are. Defaults are no secret.
func private(c *config.Config) []setting {
	var all []setting
	usual := texts(config.Default())
	for _, s := range texts(c) {
		if slices.Contains(usual, s) || slices.Contains(shown, s.field) || slices.Contains(words, s.value) {
			continue
		}
		s.name = strings.HasPrefix(s.field, "people.")
		if slices.Contains(places, s.field) {
			hosts, rest := placeNames(s.value)
			s.value = rest
			for _, host := range hosts {
				all = append(all, setting{field: s.field, value: host, name: true})
			}
		}
		all = append(all, s)
	}
	return slices.DeleteFunc(all, func(s setting) bool { return ordinary[strings.ToLower(s.value)] })
}

// ordinary are the words of the default configuration, in lower case, and of its keys. Who calls a server "weather" would
// hide nothing by it, but take the tool and the metrics of that name out of all that is told.
var ordinary = func() map[string]bool {
	known := map[string]bool{}
	walk(reflect.ValueOf(config.Default()).Elem(), reflect.Value{}, "", func(field string, value, _ reflect.Value) {
		for _, w := range word.FindAllString(fmt.Sprint(field, " ", value), -1) {
			known[strings.ToLower(w)] = true
		}
	})
	return known
}()

// placeNames are what in a URL or an address is the owner's: a host that is not this machine, its name alone, and
// what comes after it.
func placeNames(text string) (hosts []string, rest string) {
	host := text
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		host, rest = u.Host, strings.Trim(u.RequestURI(), "/")
	} else if _, after, found := strings.Cut(text, "//"); found {
		host, rest, _ = strings.Cut(after, "/")
	}
	if shownHost := hostAndPort(host); shownHost != host {
		host, _, _ = strings.Cut(host, ":")
		name, _, _ := strings.Cut(host, ".")
		if _, err := netip.ParseAddr(host); err == nil {
			name = host
		}
		hosts = []string{host, name}
	}
	return hosts, rest
}
