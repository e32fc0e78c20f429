package jinja

import "slices"

// sortKeys are what items are ordered and told apart by: an attribute of each, or the items themselves. Strings
// lose their case unless it matters.
func sortKeys(items []any, attribute any, byAttribute, caseMatters bool) []any {
	keys := slices.Clone(items)
	if byAttribute {
		keys = attributes(items, attribute, undefined("an item's "+display(attribute)))
	}
	for i, key := range keys {
		if s, ok := key.(string); ok && !caseMatters {
			keys[i] = lower(s)
		}
	}
	return keys
}

// order is the positions of keys from the least to the greatest, equal ones as they come.
func (r *rendering) order(keys []any, reverse bool) ([]int, error) {
	positions := make([]int, len(keys))
	for i := range positions {
		positions[i] = i
	}
	sign := 1
	if reverse {
		sign = -1
	}
	var fault error
	slices.SortStableFunc(positions, func(a, b int) int {
		c, err := r.compare(keys[a], keys[b])
		if fault == nil {
			fault = err
		}
		return sign * c
	})
	return positions, fault
}

func pick(items []any, positions []int) []any {
	picked := make([]any, len(positions))
	for i, from := range positions {
		picked[i] = items[from]
	}
	return picked
}

func filterSort(r *rendering, v any, args values) (any, error) {
	items, err := r.items(v)
	if err != nil {
		return nil, err
	}
	attribute, byAttribute := args.get(2, "attribute")
	keys := sortKeys(items, attribute, byAttribute, truth(args.or(1, "case_sensitive", false)))
	positions, err := r.order(keys, truth(args.or(0, "reverse", false)))
	return &list{pick(items, positions)}, err
}

// filterExtreme is min, with sign -1, and max.
func filterExtreme(sign int) filterFunc {
	return func(r *rendering, v any, args values) (any, error) {
		items, err := r.items(v)
		if err != nil || len(items) == 0 {
			return undefined("the least or greatest of nothing"), err
		}
		attribute, byAttribute := args.get(1, "attribute")
		keys := sortKeys(items, attribute, byAttribute, truth(args.or(0, "case_sensitive", false)))
		best := 0
		for i := range keys {
			c, err := r.compare(keys[i], keys[best])
			if err != nil {
				return nil, err
			}
			if c == sign {
				best = i
			}
		}
		return items[best], nil
	}
}

// filterUnique keeps the first of those that are equal.
func filterUnique(r *rendering, v any, args values) (any, error) {
	items, err := r.items(v)
	if err != nil {
		return nil, err
	}
	attribute, byAttribute := args.get(1, "attribute")
	keys := sortKeys(items, attribute, byAttribute, truth(args.or(0, "case_sensitive", false)))
	var kept, seen []any
	for i, key := range keys {
		if err := r.step(1); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(seen, func(s any) bool { return r.equal(s, key) }) {
			continue
		}
		kept, seen = append(kept, items[i]), append(seen, key)
	}
	return &list{kept}, r.step(0)
}

// A group is what groupby gives: the key, and the items that have it.
type group struct {
	key   any
	items *list
}

func (g *group) String() string { return display(&list{[]any{g.key, g.items}}) }

func (g *group) Attr(name string) (any, bool) {
	switch name {
	case "grouper":
		return g.key, true
	case "list":
		return g.items, true
	}
	return nil, false
}

func filterGroupBy(r *rendering, v any, args values) (any, error) {
	items, err := r.items(v)
	if err != nil {
		return nil, err
	}
	attribute, _ := args.get(0, "attribute")
	fallback := args.or(1, "default", undefined("an item's "+display(attribute)))
	raw := attributes(items, attribute, fallback)
	keys := sortKeys(raw, nil, false, truth(args.or(2, "case_sensitive", false)))
	positions, err := r.order(keys, false)
	if err != nil {
		return nil, err
	}
	var groups []any
	for n, i := range positions {
		if n == 0 || !r.equal(keys[i], keys[positions[n-1]]) {
			groups = append(groups, &group{raw[i], &list{}})
		}
		last := groups[len(groups)-1].(*group)
		last.items.items = append(last.items.items, items[i])
	}
	return &list{groups}, r.step(0)
}

func filterReverse(r *rendering, v any, _ values) (any, error) {
	items, err := r.items(v)
	if err != nil {
		return nil, err
	}
	reversed := slices.Clone(items)
	slices.Reverse(reversed)
	if _, ok := v.(string); ok {
		return r.join(&list{reversed}, "")
	}
	return &list{reversed}, nil
}

func filterSum(r *rendering, v any, args values) (any, error) {
	items, err := r.items(v)
	if err != nil {
		return nil, err
	}
	if attribute, ok := args.get(0, "attribute"); ok && attribute != nil {
		items = attributes(items, attribute, undefined("an item's "+display(attribute)))
	}
	sum := args.or(1, "start", 0)
	for _, item := range items {
		if sum, err = r.calculate("+", sum, item); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

// filterItems are pairs of keys and values.
func filterItems(r *rendering, v any, args values) (any, error) {
	items, known, err := r.dictMethod(v, "items", args)
	if !known {
		return &list{}, err
	}
	return items, err
}

// filterDictSort orders those pairs by their keys, or by their values.
func filterDictSort(r *rendering, v any, args values) (any, error) {
	pairs, err := filterItems(r, v, values{})
	if err != nil {
		return nil, err
	}
	items, err := r.items(pairs)
	if err != nil {
		return nil, err
	}
	by := 0
	if args.or(1, "by", "key") == "value" {
		by = 1
	}
	keys := sortKeys(items, by, true, truth(args.or(0, "case_sensitive", false)))
	positions, err := r.order(keys, truth(args.or(2, "reverse", false)))
	return &list{pick(items, positions)}, err
}
