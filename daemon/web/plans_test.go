package web

import (
	"context"
	"errors"
	"testing"

	"hearth/daemon/conversation"
)

// onePlan are Plans with one plan, "a/b".
type onePlan struct{}

func (onePlan) List(context.Context) ([]conversation.LearnedPlan, error) {
	return []conversation.LearnedPlan{{ID: "a/b", Text: "make it cosy"}}, nil
}

func (onePlan) get(id string, pinned bool, text string) (conversation.LearnedPlan, error) {
	switch id {
	case "a/b":
		return conversation.LearnedPlan{ID: id, Text: text, Pinned: pinned}, nil
	case "broken":
		return conversation.LearnedPlan{}, errors.New("the disk is full")
	}
	return conversation.LearnedPlan{}, conversation.ErrNoPlan
}

func (p onePlan) Pin(_ context.Context, id string) (conversation.LearnedPlan, error) {
	return p.get(id, true, "pinned")
}

func (p onePlan) Unpin(_ context.Context, id string) (conversation.LearnedPlan, error) {
	return p.get(id, false, "unpinned")
}

func (p onePlan) Remove(_ context.Context, id string) (conversation.LearnedPlan, error) {
	return p.get(id, false, "removed")
}

func TestPlansOverTheSocket(t *testing.T) {
	_, c, _ := start(t, options(t))
	if plans, err := c.List(t.Context()); err != nil || len(plans) != 1 || plans[0].Text != "make it cosy" {
		t.Errorf("list: %+v, %v", plans, err)
	}
	var asked Plans = c
	for want, do := range map[string]func(Plans, context.Context, string) (conversation.LearnedPlan, error){
		"pinned": Plans.Pin, "unpinned": Plans.Unpin, "removed": Plans.Remove,
	} {
		if plan, err := do(asked, t.Context(), "a/b"); err != nil || plan.Text != want || plan.Pinned != (want == "pinned") {
			t.Errorf("%s: %+v, %v", want, plan, err)
		}
		if _, err := do(asked, t.Context(), "c"); !errors.Is(err, conversation.ErrNoPlan) {
			t.Errorf("%s of none: %v", want, err)
		}
		var refused *RequestError
		if _, err := do(asked, t.Context(), "broken"); !errors.As(err, &refused) || refused.Status != 500 {
			t.Errorf("%s on a full disk: %v", want, err)
		}
	}
}

// What people said is not for whoever reaches the web address.
func TestPlansAreForTheSocketAlone(t *testing.T) {
	s, _, _ := start(t, options(t))
	if status, body := get(t, s, "/v1/plans"); status != 404 {
		t.Errorf("status %d: %s", status, body)
	}
}
