package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"hearth/daemon/conversation"
)

// Plans are what was learned from language models. They hold what people said, and are for the control socket alone.
// The methods that take an ID return conversation.ErrNoPlan when no plan has it, else the plan as it is then.
type Plans interface {
	List(ctx context.Context) ([]conversation.LearnedPlan, error)
	Pin(ctx context.Context, id string) (conversation.LearnedPlan, error)
	Unpin(ctx context.Context, id string) (conversation.LearnedPlan, error)
	Remove(ctx context.Context, id string) (conversation.LearnedPlan, error)
}

// A plansBody is the answer of GET /v1/plans.
type plansBody struct {
	Plans []conversation.LearnedPlan `json:"plans"` // the one used last first
}

func (s *Server) handlePlans(w http.ResponseWriter, r *http.Request) {
	plans, err := s.opts.Plans.List(r.Context())
	if err != nil {
		s.fail(w, r, fmt.Errorf("read the learned plans: %w", err))
		return
	}
	s.reply(w, http.StatusOK, plansBody{append([]conversation.LearnedPlan{}, plans...)})
}

// onPlan answers with the plan of the path once that was done to it.
func (s *Server) onPlan(do func(Plans, context.Context, string) (conversation.LearnedPlan, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		switch plan, err := do(s.opts.Plans, r.Context(), id); {
		case errors.Is(err, conversation.ErrNoPlan):
			s.fail(w, r, &RequestError{
				Status: http.StatusNotFound, Field: "id", Value: shorten(id), Message: "there is no such plan", Remedy: "send the id of one of GET /v1/plans",
			})
		case err != nil:
			s.fail(w, r, fmt.Errorf("change a learned plan: %w", err))
		default:
			s.reply(w, http.StatusOK, plan)
		}
	}
}

// List has the daemon list its learned plans: a Client is Plans, too.
func (c *Client) List(ctx context.Context) ([]conversation.LearnedPlan, error) {
	var body plansBody
	err := c.do(ctx, http.MethodGet, "/v1/plans", "", nil, &body)
	return body.Plans, err
}

// Pin has the daemon keep a plan for good.
func (c *Client) Pin(ctx context.Context, id string) (conversation.LearnedPlan, error) {
	return c.onPlan(ctx, http.MethodPut, id, "/pin")
}

// Unpin makes a pinned plan one like any other.
func (c *Client) Unpin(ctx context.Context, id string) (conversation.LearnedPlan, error) {
	return c.onPlan(ctx, http.MethodDelete, id, "/pin")
}

// Remove has the daemon forget a plan.
func (c *Client) Remove(ctx context.Context, id string) (conversation.LearnedPlan, error) {
	return c.onPlan(ctx, http.MethodDelete, id, "")
}

func (c *Client) onPlan(ctx context.Context, method, id, path string) (plan conversation.LearnedPlan, err error) {
	err = c.do(ctx, method, "/v1/plans/"+url.PathEscape(id)+path, "", nil, &plan)
	var refused *RequestError
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return plan, conversation.ErrNoPlan
	}
	return plan, err
}
