package jinja

import (
	"cmp"
	"errors"
	"fmt"
)

func (c constant) eval(r *rendering) (any, error) { return c.value, r.step(1) }

func (n name) eval(r *rendering) (any, error) { return r.lookup(n.name), at(n.offset, r.step(1)) }

func (l listOf) eval(r *rendering) (any, error) {
	items, err := r.all(l)
	return &list{items}, err
}

func (r *rendering) all(expressions []expression) ([]any, error) {
	if err := r.step(len(expressions)); err != nil || len(expressions) == 0 {
		return nil, err
	}
	values := make([]any, len(expressions))
	for i, e := range expressions {
		var err error
		if values[i], err = e.eval(r); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (d dictOf) eval(r *rendering) (any, error) {
	made := &dict{values: make(map[any]any, len(d.keys))}
	for i, key := range d.keys {
		k, err := key.eval(r)
		if err != nil {
			return nil, err
		}
		value, err := d.values[i].eval(r)
		if err != nil {
			return nil, err
		}
		made.set(k, value)
	}
	return made, at(d.offset, r.step(len(d.keys)))
}

func (a attribute) eval(r *rendering) (any, error) {
	of, err := a.of.eval(r)
	if err != nil {
		return nil, err
	}
	switch of := of.(type) {
	case undefined:
		return nil, at(a.offset, of.fault())
	case *dict, map[string]any, Object, *namespace:
		return lookup(of, a.name), nil
	}
	return undefined(typeName(of) + "'s " + a.name), nil
}

func (i index) eval(r *rendering) (any, error) {
	of, err := i.of.eval(r)
	if err != nil {
		return nil, err
	}
	key, err := i.key.eval(r)
	if err != nil {
		return nil, err
	}
	if u, ok := of.(undefined); ok {
		return nil, at(i.offset, u.fault())
	}
	if s, ok := of.(string); ok {
		return element(s, key), at(i.offset, r.step(len(s)/stepBytes))
	}
	return lookup(of, key), nil
}

func (s slice) eval(r *rendering) (any, error) {
	of, err := s.of.eval(r)
	if err != nil {
		return nil, err
	}
	n, err := length(of)
	if _, missing := of.(undefined); missing || err != nil {
		return nil, at(s.offset, fmt.Errorf("%s cannot be sliced", typeName(of)))
	}
	step := 1
	if s.step != nil {
		if step, err = s.position(r, s.step); err != nil || step == 0 {
			return nil, cmp.Or(err, at(s.offset, errors.New("a slice of step 0")))
		}
	}
	if step < 0 {
		return s.backwards(r, of, n, step)
	}
	from, err := s.bound(r, s.from, 0, n)
	if err != nil {
		return nil, err
	}
	to, err := s.bound(r, s.to, n, n)
	if err != nil {
		return nil, err
	}
	if step == 1 {
		return part(of, from, max(from, to), true), at(s.offset, r.step(n/stepBytes))
	}
	return s.every(r, of, from, to, step)
}

// backwards is container[from:to:step] of a step below 0.
func (s slice) backwards(r *rendering, of any, n, step int) (any, error) {
	from, err := s.bound(r, s.from, n, n)
	if err != nil {
		return nil, err
	}
	if s.from == nil || from == n {
		from = n - 1
	}
	to := -1
	if s.to != nil {
		if to, err = s.bound(r, s.to, 0, n); err != nil {
			return nil, err
		}
	}
	return s.every(r, of, from, to, step)
}

// every takes each step-th element.
func (s slice) every(r *rendering, of any, from, to, step int) (any, error) {
	items, err := r.items(of)
	if err != nil {
		return nil, at(s.offset, err)
	}
	taken := &list{}
	for i := from; i < to && step > 0 || i > to && step < 0; i += step {
		taken.items = append(taken.items, items[i])
	}
	if _, ok := of.(string); ok {
		return r.join(taken, "")
	}
	return taken, nil
}

func (s slice) position(r *rendering, e expression) (int, error) {
	value, err := e.eval(r)
	if err != nil {
		return 0, err
	}
	i, ok := value.(int)
	if !ok {
		return 0, at(s.offset, fmt.Errorf("%s is no position", typeName(value)))
	}
	return i, nil
}

// bound is one end of a slice, from 0 to length.
func (s slice) bound(r *rendering, e expression, fallback, length int) (int, error) {
	if e == nil {
		return fallback, nil
	}
	i, err := s.position(r, e)
	if err != nil {
		return 0, err
	}
	if i < 0 {
		i += length
	}
	return min(max(i, 0), length), nil
}

func (u unary) eval(r *rendering) (any, error) {
	value, err := u.operand.eval(r)
	if err != nil {
		return nil, err
	}
	if u.operator == "not" {
		return !truth(value), nil
	}
	f, integer, ok := number(value)
	if !ok {
		return nil, at(u.offset, fmt.Errorf("%s has no sign", typeName(value)))
	}
	if u.operator == "-" {
		f = -f
	}
	if integer {
		return int(f), nil
	}
	return f, nil
}

func (b binary) eval(r *rendering) (any, error) {
	left, err := b.left.eval(r)
	if err != nil {
		return nil, err
	}
	right, err := b.right.eval(r)
	if err != nil {
		return nil, err
	}
	value, err := r.calculate(b.operator, left, right)
	return value, at(b.offset, err)
}

func (b both) eval(r *rendering) (any, error) {
	left, err := b.left.eval(r)
	if err != nil || truth(left) == b.or {
		return left, err
	}
	return b.right.eval(r)
}

func (c comparison) eval(r *rendering) (any, error) {
	left, err := c.first.eval(r)
	if err != nil {
		return nil, err
	}
	for i, operator := range c.operators {
		right, err := c.operands[i].eval(r)
		if err != nil {
			return nil, err
		}
		holds, err := r.compares(operator, left, right)
		if !holds || err != nil {
			return false, at(c.offset, err)
		}
		left = right
	}
	return true, nil
}

func (r *rendering) compares(operator string, a, b any) (bool, error) {
	switch operator {
	case "==":
		return r.equal(a, b), r.step(0)
	case "!=":
		return !r.equal(a, b), r.step(0)
	case "in":
		return r.contains(b, a)
	case "not in":
		found, err := r.contains(b, a)
		return !found, err
	}
	order, err := r.compare(a, b)
	switch operator {
	case "<":
		return order < 0, err
	case "<=":
		return order <= 0, err
	case ">":
		return order > 0, err
	}
	return order >= 0, err
}

func (c conditional) eval(r *rendering) (any, error) {
	yes, err := c.condition.eval(r)
	if err != nil {
		return nil, err
	}
	if truth(yes) {
		return c.then.eval(r)
	}
	return c.otherwise.eval(r)
}
