package jinja

// An expression has a value. A fault in it is reported at its own offset in the source.
type expression interface {
	eval(r *rendering) (any, error)
}

// A statement writes to the output or changes variables.
type statement interface {
	run(r *rendering) error
}

// Statements.
type (
	text   string
	output struct {
		offset int
		value  expression
	}
	branch struct { // {% if %}, {% elif %} as a branch in otherwise
		offset    int
		condition expression
		then      []statement
		otherwise []statement
	}
	loop struct {
		offset    int
		targets   []string
		over      expression
		condition expression // nil without "if"
		body      []statement
		otherwise []statement
	}
	leave struct { // {% break %} or {% continue %}
		offset int
		how    error
	}
	do struct { // {% do value %}
		offset int
		value  expression
	}
	assign struct {
		offset  int
		targets []string
		field   string // of a namespace: {% set targets[0].field = value %}
		value   expression
	}
	capture struct { // {% set target %}body{% endset %}
		offset int
		target string
		body   []statement
	}
	macro struct {
		offset     int
		name       string
		parameters []string
		defaults   []expression // nil where a parameter has none
		body       []statement
	}
)

// Expressions.
type (
	constant struct{ value any }
	name     struct {
		offset int
		name   string
	}
	listOf []expression
	dictOf struct {
		offset       int
		keys, values []expression
	}
	attribute struct {
		offset int
		of     expression
		name   string
	}
	index struct {
		offset  int
		of, key expression
	}
	slice struct {
		offset         int
		of             expression
		from, to, step expression // nil when left out
	}
	call struct {
		offset int
		callee expression
		arguments
	}
	filter struct {
		offset int
		input  expression
		name   string
		filterFunc
		arguments
	}
	test struct {
		offset int
		input  expression
		name   string
		testFunc
		arguments
		negate bool
	}
	unary struct {
		offset   int
		operator string
		operand  expression
	}
	binary struct {
		offset      int
		operator    string
		left, right expression
	}
	both struct { // "and", "or"
		left, right expression
		or          bool
	}
	comparison struct { // a < b < c
		offset    int
		first     expression
		operators []string
		operands  []expression
	}
	conditional struct { // then if condition else otherwise
		condition, then, otherwise expression
	}
)

// arguments are what a call, a filter or a test is given.
type arguments struct {
	positional []expression
	names      []string // of the keyword arguments
	named      []expression
}
