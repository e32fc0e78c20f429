package doctor

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hearth/daemon/config"
	"hearth/daemon/llm/hostile"
)

func TestLanguageModelsAreAsked(t *testing.T) {
	well := httptest.NewServer(hostile.Handler(func() string { return hostile.Well }))
	defer well.Close()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"type":"error","error":{"type":"authentication_error","message":"invalid key"}}`))
	}))
	defer refusing.Close()
	empty := httptest.NewServer(http.NotFoundHandler())
	defer empty.Close()
	key := config.NewSecret("sk-very-secret")
	for name, test := range map[string]struct {
		other config.OtherModel
		level Level
		want  string
	}{
		"ollama":     {config.OtherModel{Kind: "ollama", URL: well.URL, Name: hostile.Model}, OK, "is there, for " + hostile.Model},
		"openai":     {config.OtherModel{Kind: "openai", URL: well.URL + "/v1", Name: hostile.Model}, OK, "is there, for " + hostile.Model},
		"anthropic":  {config.OtherModel{Kind: "anthropic", URL: well.URL, Name: hostile.Model, Key: key}, OK, "is there, for " + hostile.Model},
		"wrong key":  {config.OtherModel{Kind: "openai", URL: refusing.URL + "/v1", Name: "x", Key: key}, Problem, "lets Hearth do nothing"},
		"wrong key2": {config.OtherModel{Kind: "anthropic", URL: refusing.URL, Name: "x", Key: key}, Problem, "lets Hearth do nothing"},
		"no model":   {config.OtherModel{Kind: "anthropic", URL: empty.URL, Name: "x", Key: key}, Problem, "does not have this model"},
		"nobody":     {config.OtherModel{Kind: "openai", URL: "http://127.0.0.1:1", Name: "x"}, Problem, "cannot be reached"},
		"no key":     {config.OtherModel{Kind: "anthropic", Name: "x"}, Problem, "key_file is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			c := config.Default()
			c.Model.Local, c.Model.Others = "off", []config.OtherModel{test.other}
			found := (&examination{Config: c}).languageModel(t.Context())
			if len(found) < 2 || found[0].Level != OK || found[1].Level != test.level || !strings.Contains(found[1].Message, test.want) {
				t.Fatalf("got %+v", found)
			}
			if (test.level == OK) != (found[1].Remedy == "") || strings.Contains(found[1].Message+found[1].Remedy, "sk-very") {
				t.Errorf("got %+v", found[1])
			}
		})
	}
}

func TestWhatTheLocalModelLacksIsSaid(t *testing.T) {
	info := func(capability string, about map[string]any) map[string]any {
		about["general.architecture"] = "x"
		return map[string]any{"capabilities": []string{capability}, "model_info": about}
	}
	for name, test := range map[string]struct {
		shown map[string]any
		level Level
		want  string
	}{
		"well":      {info("completion", map[string]any{"x.context_length": 40960}), OK, "test answers"},
		"narrow":    {info("completion", map[string]any{"x.context_length": 2048}), Warning, "test reads 2048 tokens, and model.context is 4096"},
		"forgetful": {info("completion", map[string]any{"x.context_length": 40960, "x.attention.sliding_window": 1024}), Warning, "test remembers the last 1024 tokens"},
		"mute":      {info("embedding", map[string]any{"x.context_length": 512}), Problem, "test cannot write text"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(test.shown) }))
			defer s.Close()
			c := config.Default()
			c.Model.URL, c.Model.Name = s.URL, "test"
			found := (&examination{Config: c}).languageModel(t.Context())
			if len(found) != 1 || found[0].Level != test.level || !strings.Contains(found[0].Message, test.want) {
				t.Errorf("got %+v", found)
			}
		})
	}
}

func TestWhatLeavesTheHouseIsSaid(t *testing.T) {
	c := config.Default()
	c.Model.Local, c.Model.Others = "off", []config.OtherModel{{Kind: "openai", URL: "https://models.example.invalid/v1", Name: "x"}}
	found := (&examination{Config: c}).languageModel(t.Context())
	if last := found[len(found)-1]; last.Level != OK || !strings.Contains(last.Message, "leave the house for models.example.invalid") {
		t.Errorf("got %+v", found)
	}
}
