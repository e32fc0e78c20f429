// Package mqtt lets other programs of the home talk with Hearth over MQTT 3.1.1, and makes it a device of
// Home Assistant: a Client that publishes what Hearth is and does and takes commands, and a Broker for
// homes that have none.
//
// docs/mqtt.md has the topics, all below "<topic>/<id>/". States are retained; what happens (events, triggers,
// replies) and what is asked for is not. Everything is sent with quality of service 1. A retained command is
// refused: the broker would hand it out again at each connection.
package mqtt
