package command

// snapshot keeps a picture of what cameras see now. Where it goes is for the home to say.
func snapshot(q request) (Command, error) {
	return q.each(want{domains: []string{"camera"}}, "snapshot")
}
