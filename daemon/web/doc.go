// Package web is Hearth's way to be asked over HTTP: health, readiness and metrics on TCP for
// monitoring, and the control API on a unix socket for programs of the same machine, of which Client
// is one.
//
// On TCP:
//
//	GET /          what this is and how to talk to it
//	GET /healthz   200 while the process does its work, 503 otherwise
//	GET /readyz    the state of each component as JSON; 503 when an essential one has failed
//	GET /metrics   in the Prometheus text format
//
// On the unix socket these and:
//
//	POST /v1/turns          {"text", "room"}, or a WAV file as audio/wav with ?room=; answers with the turn (docs/turn.md),
//	                        or with its events as they come if text/event-stream is accepted (docs/api.md)
//	GET  /v1/turns/{id}     one turn
//	GET  /v1/turns?limit=   the last turns, the newest first
//	POST /mcp               the Model Context Protocol, for hearthd mcp (docs/api.md)
//	GET  /v1/audit?limit=   the last entries of the audit, the newest first
//	GET    /v1/memory           what is remembered and the account may see, the latest first (docs/memory.md)
//	POST   /v1/memory           {"text", "person", "room", "likes", "value"}; answers with it
//	PUT    /v1/memory/{id}      {"text"} in place of the text it has; answers with it
//	DELETE /v1/memory/{id}      forgets it, and answers with it
//	DELETE /v1/memory?person=   forgets all of a person, or of the household
//	GET    /v1/plans           what was learned from a language model, the plan used last first
//	DELETE /v1/plans/{id}      forgets a plan; answers with it, as the next two do
//	PUT    /v1/plans/{id}/pin  keeps a plan for good
//	DELETE /v1/plans/{id}/pin  makes a pinned plan one like any other
//
// Who may open the socket may command the home: its file mode, 0660, is the permission. Which Unix account opened it
// is what tells who speaks.
// Every error is {"error": {"field", "value", "remedy", "message"}}.
package web
