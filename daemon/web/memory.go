package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"

	"hearth/daemon/conversation"
)

// A Memory is what one account may see and change of what is remembered. Its methods return a
// *conversation.InputError for what cannot be done.
type Memory interface {
	// Facts are the latest first.
	Facts(ctx context.Context) ([]conversation.Fact, error)
	Add(ctx context.Context, f conversation.Fact) (conversation.Fact, error)
	Correct(ctx context.Context, id, text string) (conversation.Fact, error)
	Delete(ctx context.Context, id string) (conversation.Fact, error)
	// Forget forgets all of a person, or for "" of the household.
	Forget(ctx context.Context, person string) error
}

// A memoryBody is the answer of GET /v1/memory.
type memoryBody struct {
	Memory []conversation.Fact `json:"memory"` // the latest first
}

// memory are the routes to what is remembered.
func (s *Server) memory() []route {
	return []route{
		{http.MethodGet, "/v1/memory", s.remembers(func(m Memory, r *http.Request) (any, error) {
			facts, err := m.Facts(r.Context())
			return memoryBody{append([]conversation.Fact{}, facts...)}, err
		})},
		{http.MethodPost, "/v1/memory", s.remembers(func(m Memory, r *http.Request) (any, error) {
			f, err := readFact(r.Body)
			if err != nil {
				return nil, err
			}
			return m.Add(r.Context(), f)
		})},
		{http.MethodDelete, "/v1/memory", s.remembers(func(m Memory, r *http.Request) (any, error) {
			if !r.URL.Query().Has("person") {
				return nil, invalid("person", "", "nobody is named", "send ?person=, with a name, or with nothing for the household")
			}
			return struct{}{}, m.Forget(r.Context(), r.URL.Query().Get("person"))
		})},
		{http.MethodPut, "/v1/memory/{id}", s.remembers(func(m Memory, r *http.Request) (any, error) {
			f, err := readFact(r.Body)
			if err != nil {
				return nil, err
			}
			return m.Correct(r.Context(), r.PathValue("id"), f.Text)
		})},
		{http.MethodDelete, "/v1/memory/{id}", s.remembers(func(m Memory, r *http.Request) (any, error) {
			return m.Delete(r.Context(), r.PathValue("id"))
		})},
	}
}

// remembers answers with what f makes of the memory that the caller has.
func (s *Server) remembers(f func(Memory, *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxJSON)
		body, err := f(s.opts.Memory(CallerOf(r.Context())), r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.reply(w, http.StatusOK, body)
	}
}

// readFact reads a fact without what Hearth itself gives it.
func readFact(body io.Reader) (f conversation.Fact, err error) {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	var large *http.MaxBytesError
	if err = decoder.Decode(&f); errors.As(err, &large) {
		return f, err
	}
	if err != nil {
		return f, &RequestError{
			Status: http.StatusBadRequest, Field: "body", Message: "the body is not as expected", // which is not repeated: it may be private
			Remedy: `send {"text": "the bins go out on Thursday", "person": "Anna"}`,
		}
	}
	return f, nil
}

func (c *Client) fact(ctx context.Context, method, path string, f conversation.Fact) (kept conversation.Fact, err error) {
	body, err := json.Marshal(f)
	if err == nil {
		err = c.do(ctx, method, path, "application/json", bytes.NewReader(body), &kept)
	}
	return kept, err
}

// Facts are what is remembered and the account may see, the latest first.
func (c *Client) Facts(ctx context.Context) ([]conversation.Fact, error) {
	var body memoryBody
	err := c.do(ctx, http.MethodGet, "/v1/memory", "", nil, &body)
	return body.Memory, err
}

// Add has a fact remembered.
func (c *Client) Add(ctx context.Context, f conversation.Fact) (conversation.Fact, error) {
	return c.fact(ctx, http.MethodPost, "/v1/memory", f)
}

// Correct gives a fact another text.
func (c *Client) Correct(ctx context.Context, id, text string) (conversation.Fact, error) {
	return c.fact(ctx, http.MethodPut, "/v1/memory/"+url.PathEscape(id), conversation.Fact{Text: text})
}

// Delete has a fact forgotten.
func (c *Client) Delete(ctx context.Context, id string) (conversation.Fact, error) {
	return c.fact(ctx, http.MethodDelete, "/v1/memory/"+url.PathEscape(id), conversation.Fact{})
}

// Forget has all of a person forgotten, or for "" of the household.
func (c *Client) Forget(ctx context.Context, person string) error {
	return c.do(ctx, http.MethodDelete, "/v1/memory?"+url.Values{"person": {person}}.Encode(), "", nil, &struct{}{})
}
