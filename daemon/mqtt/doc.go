// Package mqtt lets other programs of the home talk with Hearth over MQTT 3.1.1: a Client that
// publishes availability, state, turns and replies and takes commands, and a Broker for homes that
// have none.
//
// Below "<topic>/<id>/", "hearth/<id>/" unless configured otherwise:
//
//	status            "online" or "offline" (last will), retained
//	state             idle, listening, thinking, acting or speaking, retained
//	turn              each finished turn as JSON (docs/turn.md); not retained, because it holds what was said
//	say               command: plain text, or {"text", "room", "request"}
//	reply             answer to a command: {"request", "turn_id", "text", "failure", "asks"}
//	reply/<turn_id>   each sentence as soon as it is known: {"sequence", "text", "final"}; the last
//	                  message of a turn has "final": true and no text
//	error             a command that could not be carried out: {"request", "message"}
//
// Everything is sent with quality of service 1. A retained command is refused: the broker would hand
// it out again at each connection.
package mqtt
