package config

import (
	"net/url"
)

// search checks where the web is searched.
func (k *checker) search() {
	s := k.config.Search
	k.oneOf("search.engine", s.Engine, "off", "searxng", "brave", "duckduckgo")
	const address = "the address of your SearXNG, such as http://searxng.local:8080"
	switch {
	case s.Engine != "searxng":
		k.unused("search.url", s.URL, "has no use unless search.engine is searxng", "search.engine")
	case s.URL == "":
		k.fault("search.url", "", "is empty", address)
	default:
		k.base("search.url", s.URL, address, "http", "https")
	}
	switch {
	case s.Engine != "brave":
		k.unused("search.key_file", s.KeyFile, "has no use unless search.engine is brave", "search.engine")
	case s.KeyFile == "":
		k.fault("search.key_file", "", "is empty", "the path of a file with a key of Brave's search API, or the name of a systemd credential")
	}
}

// Leaves says what leaves the house by searching, and to whom; "" when nothing does.
func (s Search) Leaves() string {
	switch s.Engine {
	case "searxng":
		u, err := url.Parse(s.URL)
		if err != nil {
			return ""
		}
		return "what is looked up on the web goes to your SearXNG at " + u.Host + ", and from there to the search engines that it asks"
	case "brave":
		return "what is looked up on the web goes to Brave (api.search.brave.com)"
	case "duckduckgo":
		return "what is looked up on the web goes to DuckDuckGo (api.duckduckgo.com)"
	}
	return ""
}
