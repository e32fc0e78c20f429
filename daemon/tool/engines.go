package tool

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Addresses of the public engines.
const (
	braveURL      = "https://api.search.brave.com/res/v1/web/search"
	duckDuckGoURL = "https://api.duckduckgo.com/"
)

func engineOf(o WebOptions) (engine, error) {
	base := func(public string) string {
		if o.base != "" {
			return o.base
		}
		return public
	}
	switch o.Engine {
	case "searxng":
		u, err := url.Parse(o.URL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("search.url: want the address of SearXNG, such as http://searxng.local:8080")
		}
		return searXNG{strings.TrimSuffix(u.String(), "/") + "/search"}, nil
	case "brave":
		if o.Key == "" {
			return nil, fmt.Errorf("search.key_file: brave wants a key")
		}
		return brave{base(braveURL), o.Key}, nil
	case "duckduckgo":
		return duckDuckGo{base(duckDuckGoURL)}, nil
	}
	return nil, fmt.Errorf("search.engine %q: want searxng, brave or duckduckgo", o.Engine)
}

// searXNG is the owner's own: https://docs.searxng.org/dev/search_api.html. Its settings must allow format: json.
type searXNG struct{ url string }

func (s searXNG) request(ctx context.Context, query, language string) (*http.Request, error) {
	return get(ctx, s.url, url.Values{"q": {query}, "format": {"json"}, "language": {language}, "safesearch": {"1"}})
}

func (s searXNG) hits(body []byte) ([]hit, error) {
	var answer struct {
		Answers   []json.RawMessage
		Infoboxes []struct{ Infobox, Content string }
		Results   []struct{ Title, Content, URL string }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("read its answer: %w", err)
	}
	var all []hit
	for _, a := range answer.Answers {
		all = add(all, "Answer", answerText(a), "")
	}
	for _, i := range answer.Infoboxes {
		all = add(all, i.Infobox, i.Content, "")
	}
	for _, r := range answer.Results {
		all = add(all, r.Title, r.Content, r.URL)
	}
	return all, nil
}

// answerText is an answer as older versions give it, a text, or newer ones, an object.
func answerText(raw json.RawMessage) string {
	var plain string
	if json.Unmarshal(raw, &plain) == nil {
		return plain
	}
	var object struct{ Answer string }
	_ = json.Unmarshal(raw, &object) // else there is no text
	return object.Answer
}

// brave is Brave's API: https://api-dashboard.search.brave.com/app/documentation/web-search.
type brave struct{ url, key string }

func (e brave) request(ctx context.Context, query, language string) (*http.Request, error) {
	values := url.Values{"q": {query}, "count": {"5"}, "safesearch": {"moderate"}}
	if lang, _, _ := strings.Cut(language, "-"); len(lang) == 2 {
		values.Set("search_lang", lang)
	}
	request, err := get(ctx, e.url, values)
	if err == nil {
		request.Header.Set("X-Subscription-Token", e.key)
	}
	return request, err
}

func (e brave) hits(body []byte) ([]hit, error) {
	var answer struct {
		Web struct {
			Results []struct{ Title, Description, URL string }
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("read its answer: %w", err)
	}
	var all []hit
	for _, r := range answer.Web.Results {
		all = add(all, r.Title, r.Description, r.URL)
	}
	return all, nil
}

// duckDuckGo is DuckDuckGo's instant answers, the only thing that it answers programs with: facts of encyclopaedias,
// no news. https://duckduckgo.com/api
type duckDuckGo struct{ url string }

func (e duckDuckGo) request(ctx context.Context, query, _ string) (*http.Request, error) {
	return get(ctx, e.url, url.Values{"q": {query}, "format": {"json"}, "no_html": {"1"}, "no_redirect": {"1"}, "skip_disambig": {"1"}})
}

func (e duckDuckGo) hits(body []byte) ([]hit, error) {
	var answer struct {
		Heading, AbstractText, AbstractURL, Definition, DefinitionURL string
		Answer                                                        json.RawMessage // a text, or an object that is of no use here
		RelatedTopics                                                 []struct{ Text, FirstURL string }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("read its answer: %w", err)
	}
	var all []hit
	all = add(all, "Answer", answerText(answer.Answer), "")
	all = add(all, answer.Heading, answer.AbstractText, answer.AbstractURL)
	all = add(all, answer.Heading, answer.Definition, answer.DefinitionURL)
	for _, r := range answer.RelatedTopics {
		all = add(all, "", r.Text, r.FirstURL)
	}
	return all, nil
}

func get(ctx context.Context, address string, values url.Values) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"?"+values.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("the address of the search engine is no address: %w", err)
	}
	return request, nil
}

// add appends a hit that says something.
func add(all []hit, title, snippet, address string) []hit {
	h := hit{title: plainText(title), text: plainText(snippet)}
	if h.text == "" {
		return all
	}
	if u, err := url.Parse(address); err == nil {
		h.site = u.Hostname()
	}
	return append(all, h)
}

// plainText is the text of a piece of HTML on one line, shortened. What is in scripts and styles is no text.
func plainText(markup string) string {
	var b strings.Builder
	hidden := ""
	for z := html.NewTokenizer(strings.NewReader(markup)); b.Len() < 2*maxSnippet; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch {
		case kind == html.StartTagToken && hidden == "" && (token.Data == "script" || token.Data == "style" || token.Data == "template"):
			hidden = token.Data
		case kind == html.EndTagToken && token.Data == hidden:
			hidden = ""
		case kind == html.TextToken && hidden == "":
			b.WriteString(token.Data)
		case kind != html.TextToken && kind != html.CommentToken && token.Data != "b" && token.Data != "strong" && token.Data != "em" && token.Data != "i":
			b.WriteByte(' ')
		}
	}
	line := strings.Join(strings.Fields(strings.ToValidUTF8(b.String(), "")), " ")
	if len(line) <= maxSnippet {
		return line
	}
	return strings.ToValidUTF8(line[:maxSnippet], "") + "…"
}
