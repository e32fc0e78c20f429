package command

import (
	"cmp"
	"math/bits"
	"reflect"
	"slices"
	"strings"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// A Part is one of several things that a sentence asks for.
type Part struct {
	Text   string // as a sentence of its own
	Result intent.Result
	Command
	Asks   bool     // and changes nothing
	Spared []string // names of what it leaves out
	err    error    // why it cannot be carried out
}

const (
	maxWords    = 40  // in a sentence
	maxJoins    = 5   // words and commas in a sentence that may part it
	maxTail     = 4   // words at the end that what comes before may share
	maxReadings = 400 // sentences that are tried for one
)

// Several reads a sentence that no template knows as more than one: "turn off the lights and close the blinds", "turn
// on the desk lamp, the bed light and the fan", "turn the lamp and the radio off". It is parted at the words in joins,
// which are in lower case, and at commas; a part that is no sentence by itself borrows the words of the one before that
// make it one, or those at the end. All of them are understood, or none is: then the result is nil. So it is when they
// contradict each other, when it is not plain what is to be done later and what at once, and when what is asked
// hangs on what is to be done. The error is of Build, when all are understood and one cannot be carried out.
func Several(sentence string, joins []string, read func(string) []intent.Result, in Input) ([]Part, error) {
	s := splitter{words: strings.Fields(sentence), read: read, in: in, known: map[string][]intent.Result{}}
	if len(s.words) > maxWords {
		return nil, nil
	}
	if s.findJoins(joins); len(s.joins) == 0 || len(s.joins) > maxJoins {
		return nil, nil
	}
	for parts := 2; parts <= len(s.joins)+1; parts++ { // what is parted the least is the nearest to what was said
		for at := range 1 << len(s.joins) {
			if bits.OnesCount(uint(at)) != parts-1 {
				continue
			}
			if found := s.parted(uint(at)); found != nil {
				return found, nil
			}
		}
	}
	return nil, s.err
}

// A splitter takes one sentence apart.
type splitter struct {
	words []string
	joins [][2]int // from which word to which what joins two parts stands
	read  func(string) []intent.Result
	in    Input
	known map[string][]intent.Result // what was read already
	err   error                      // why the first parting that was understood cannot be carried out
}

func (s *splitter) findJoins(joins []string) {
	for i := 0; i < len(s.words); i++ {
		end := i
		for _, join := range joins {
			if n := len(strings.Fields(join)); i+n <= len(s.words) && strings.ToLower(strings.Join(s.words[i:i+n], " ")) == join {
				end = max(end, i+n)
			}
		}
		comma := i > 0 && strings.HasSuffix(s.words[i-1], ",")
		if end == i && !comma {
			continue
		}
		s.joins = append(s.joins, [2]int{i, end})
		i = max(i, end-1)
	}
}

// parted reads the pieces between the joins whose bits are set.
func (s *splitter) parted(at uint) []Part {
	var pieces []string
	from := 0
	for i, join := range append(slices.Clone(s.joins), [2]int{len(s.words), len(s.words)}) {
		if i < len(s.joins) && at&(1<<i) == 0 {
			continue
		}
		piece := strings.Trim(strings.Join(s.words[from:join[0]], " "), " ,.!?¿¡")
		same := func(other string) bool { return strings.EqualFold(other, piece) }
		if piece == "" || slices.ContainsFunc(pieces, same) { // who says something twice is not asking for two things
			return nil
		}
		pieces, from = append(pieces, piece), join[1]
	}
	last := strings.Fields(pieces[len(pieces)-1])
	if found := s.chain(pieces, "", true); found != nil {
		return found
	}
	for n := 1; n <= min(maxTail, len(last)-1); n++ {
		if found := s.chain(pieces, " "+strings.Join(last[len(last)-n:], " "), true); found != nil {
			return found
		}
	}
	return s.chain(pieces, "", false)
}

// chain reads the pieces one after the other. All but the last have the tail added. What borrows must be of the same
// kind as what it borrows from, if alike.
func (s *splitter) chain(pieces []string, tail string, alike bool) []Part {
	var parts []Part
	for i, piece := range pieces {
		if i < len(pieces)-1 {
			piece += tail
		}
		part, ok := s.next(parts, piece, tail, alike)
		if !ok {
			return nil
		}
		parts = append(parts, part)
	}
	for _, p := range parts {
		if p.err != nil {
			s.err = cmp.Or(s.err, p.err)
			return nil
		}
	}
	return reconciled(parts)
}

// next reads a piece that follows others: with the beginning of the one before if that makes it the same for another thing,
// else as a sentence.
func (s *splitter) next(before []Part, piece, tail string, alike bool) (Part, bool) {
	if len(before) == 0 {
		return s.part(piece, s.in.Before)
	}
	last := before[len(before)-1]
	borrowed, found := s.borrow(last, piece, tail, alike)
	if !strings.Contains(piece, " ") && borrowed.Result.Intent != last.Result.Intent { // "turn on the lamp and off"
		found = false
	}
	if found && !borrowed.swallows(piece) {
		return borrowed, true
	}
	alone, understood := s.part(piece, s.spokenOf(last))
	if !found && !understood {
		alone, understood = s.elided(last, piece)
	}
	if found && (!understood || alone.err != nil) && !searchesMedia(borrowed.Result) { // for which any words will do
		return borrowed, true
	}
	return alone, understood && last.leadsTo(alone)
}

// borrow reads a piece with as many words from the beginning of the sentence before as make it one, and if need be with
// some from its end: "is the front door locked and the back door".
func (s *splitter) borrow(last Part, piece, tail string, alike bool) (Part, bool) {
	words := strings.Fields(strings.TrimSuffix(last.Text, tail))
	first, _, _ := strings.Cut(piece, " ")
	for n := len(words) - 1; n > 0; n-- {
		if strings.EqualFold(first, words[n-1]) { // "is the the back door"
			continue
		}
		for end := range min(maxTail+1, len(words)-n) {
			text := strings.Join(slices.Concat(words[:n], []string{piece}, words[len(words)-end:]), " ")
			part, ok := s.part(text, s.in.Before)
			if ok && part.err == nil && (part.Result.Intent == last.Result.Intent || !alike && !last.Asks) && last.leadsTo(part) {
				return part, true
			}
		}
	}
	return Part{}, false
}

// elided reads a piece that lacks its verb and what it is about, and is put off: "turn on the lamp at 7 and off at 8".
func (s *splitter) elided(last Part, piece string) (Part, bool) {
	verb, _, _ := strings.Cut(last.Text, " ")
	if s.in.Elided == nil {
		return Part{}, false
	}
	for _, r := range s.in.Elided(verb, piece, s.spokenOf(last)) {
		if c, err := Build(r, s.in); err == nil {
			return Part{Text: verb + " " + piece, Result: r, Command: c}, true
		}
	}
	return Part{}, false
}

// swallows tells whether a piece has become somebody's own words: "play turn off the lights".
func (p Part) swallows(piece string) bool {
	first, _, _ := strings.Cut(piece, " ")
	for name, slot := range p.Result.Slots {
		if slot.IDs == nil && slot.Text != "" && name != "conversation_command" && strings.Contains(" "+slot.Text+" ", " "+first+" ") {
			return true
		}
	}
	return false
}

// part reads one sentence: as the first reading that can be carried out, or as the first of those that cannot.
func (s *splitter) part(text string, before *Before) (Part, bool) {
	results, known := s.known[text]
	if !known && len(s.known) < maxReadings {
		results = s.read(text)
		s.known[text] = results
	}
	in := s.in
	in.Before = before
	if len(results) == 0 && in.Refer != nil {
		results = in.Refer(text, before)
	}
	var first error
	for _, r := range results {
		if r.Intent == Incomplete { // which is no part
			continue
		}
		c, err := Build(r, in)
		if err != nil {
			first = cmp.Or(first, err)
			continue
		}
		if c.As != nil {
			r = *c.As
		}
		return Part{Text: text, Result: r, Command: c, Asks: len(c.Calls) == 0}, true
	}
	if first == nil {
		return Part{}, false
	}
	return Part{Text: text, Result: results[0], err: first}, true
}

// spokenOf is what a part leaves to refer to: "turn on the lamp and make it red", also when the first is put off.
func (s *splitter) spokenOf(p Part) *Before {
	if later, ok := PutOff(p.Result); ok {
		if inner, ok := s.part(later, nil); ok {
			p = inner
		}
	}
	b := &Before{Result: p.Result}
	for _, c := range p.Calls {
		if c.Entity != "" {
			b.Entities = append(b.Entities, c.Entity)
		}
	}
	return b
}

// leadsTo tells whether another part may follow. After what is put off nothing may that is not: it would be done at
// once, and perhaps it was to be done then. Nor is it plain what "on at 7 every day and off at 8" means. How the home is
// cannot be asked together with what changes it.
func (p Part) leadsTo(next Part) bool {
	if p.repeats() && next.once() || p.once() && next.repeats() {
		return false
	}
	return (!p.putsOff() || next.putsOff()) && (!p.asksState() || next.Asks) && (p.Asks || !next.asksState())
}

func (p Part) putsOff() bool {
	_, command := p.Result.Slots["conversation_command"]
	return command || slices.Contains([]string{"HearthPlanCommand", "HearthWaitFor", "HearthSetReminder", "HearthSetAlarm"}, p.Result.Intent)
}

// repeats tells whether it is to be done on certain days, again and again.
func (p Part) repeats() bool { return len(p.Timers) > 0 && p.Timers[0].Days != 0 }

// once tells whether it is to be done at a time of day, without a word of which day.
func (p Part) once() bool {
	_, day := p.Result.Slots["day"]
	return len(p.Timers) > 0 && !p.Timers[0].Due.IsZero() && p.Timers[0].Days == 0 && p.Timers[0].Length == 0 && !day
}

func (p Part) asksState() bool { return p.Asks && p.Result.Intent == "HassGetState" }

// reconciled are the parts without the calls that a later one makes needless: who is turned on and set to red is set to
// red. It is nil when they contradict each other.
func reconciled(parts []Part) []Part {
	var later []home.Call
	for i := len(parts) - 1; i >= 0; i-- {
		var kept []home.Call
		for _, c := range parts[i].Calls {
			same := slices.IndexFunc(later, func(l home.Call) bool { return c.Entity != "" && l.Entity == c.Entity && c.Domain != "todo" })
			switch {
			case same < 0:
				kept = append(kept, c)
			case contradict(c, later[same]):
				return nil
			case c.Service != later[same].Service:
				kept = append(kept, c)
			}
		}
		later = append(later, kept...)
		parts[i].Calls = kept
	}
	return parts
}

// contradict tells whether of two calls for the same thing the second takes the first back.
func contradict(first, second home.Call) bool {
	if first.Service == second.Service {
		return len(first.Data) > 0 && !reflect.DeepEqual(first.Data, second.Data)
	}
	return first.Service == "turn_off" || second.Service == "turn_off" || len(first.Data)+len(second.Data) == 0
}

// Together is the Fetch of all parts, nil when none lacks anything. It fills in the answers of the parts themselves.
func Together(parts []Part) *Fetch {
	all := &Fetch{}
	for _, p := range parts {
		if p.Fetch != nil {
			all.Calls = append(all.Calls, p.Fetch.Calls...)
		}
	}
	if len(all.Calls) == 0 {
		return nil
	}
	all.apply = func(_ *intent.ResponseData, response map[string]any) {
		for i := range parts {
			if parts[i].Fetch != nil {
				parts[i].Fetch.Apply(&parts[i].Answer, response)
			}
		}
	}
	all.fill = func(c home.Call, response map[string]any) (home.Call, error) {
		for _, p := range parts {
			if p.Fetch != nil && slices.ContainsFunc(p.Fetch.Calls, func(f home.Call) bool { return f.Entity == c.Entity }) {
				return p.Fetch.Fill(c, response)
			}
		}
		return c, nil
	}
	return all
}
