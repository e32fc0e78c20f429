package hostile

import "net/http"

// The shapes are those of recorded exchanges (Ollama 0.17) and of the published references
// (platform.openai.com/docs/api-reference/chat-streaming, docs.anthropic.com/en/api/messages-streaming).

type fields map[string]any

type ollama struct{}

func (ollama) contentType() string { return "application/x-ndjson" }

func (ollama) begin() string { return "" }

func (ollama) piece(text string) string {
	return quote(fields{"model": Model, "message": fields{"role": "assistant", "content": text}, "done": false}) + "\n"
}

func (ollama) thought(text string) string {
	return quote(fields{"model": Model, "message": fields{"role": "assistant", "content": "", "thinking": text}, "done": false}) + "\n"
}

func (ollama) end(complete bool) string {
	reason := "stop"
	if !complete {
		reason = "length"
	}
	return quote(fields{
		"model": Model, "message": fields{"role": "assistant", "content": ""}, "done": true, "done_reason": reason,
		"total_duration": 900_000_000, "load_duration": 100_000_000, "prompt_eval_count": 120, "prompt_eval_duration": 500_000_000,
		"eval_count": 20, "eval_duration": 300_000_000,
	}) + "\n"
}

func (ollama) broken(message string) string {
	return quote(fields{"error": "an error was encountered while running the model: " + message}) + "\n"
}

func (ollama) fault(_, message string) string { return quote(fields{"error": message}) }

func (ollama) full() (status int, kind, message string) {
	return http.StatusBadRequest, "", "the input length exceeds the context length"
}

type openai struct{}

func (openai) contentType() string { return "text/event-stream" }

func (openai) chunk(delta fields, finish any) string {
	return "data: " + quote(fields{
		"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1764322000, "model": Model,
		"choices": []fields{{"index": 0, "delta": delta, "finish_reason": finish}},
	}) + "\n\n"
}

func (o openai) begin() string { return o.chunk(fields{"role": "assistant", "content": ""}, nil) }

func (o openai) piece(text string) string { return o.chunk(fields{"content": text}, nil) }

func (o openai) thought(text string) string { return o.chunk(fields{"reasoning_content": text}, nil) }

func (o openai) end(complete bool) string {
	reason := "stop"
	if !complete {
		reason = "length"
	}
	usage := "data: " + quote(fields{
		"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1764322000, "model": Model, "choices": []fields{},
		"usage": fields{"prompt_tokens": 120, "completion_tokens": 20, "total_tokens": 140},
	}) + "\n\n"
	return o.chunk(fields{}, reason) + usage + "data: [DONE]\n\n"
}

func (openai) broken(message string) string {
	return "data: " + quote(fields{"error": fields{"message": message, "type": "server_error", "code": 500}}) + "\n\n"
}

func (openai) fault(kind, message string) string {
	return quote(fields{"error": fields{"message": message, "type": kind, "param": nil, "code": nil}})
}

func (openai) full() (status int, kind, message string) {
	return http.StatusBadRequest, "exceed_context_size_error", "the request exceeds the available context size, try increasing it"
}

type anthropic struct{}

func (anthropic) contentType() string { return "text/event-stream" }

func (anthropic) event(name string, data fields) string {
	data["type"] = name
	return "event: " + name + "\ndata: " + quote(data) + "\n\n"
}

func (a anthropic) begin() string {
	return a.event("message_start", fields{"message": fields{
		"id": "msg_1", "type": "message", "role": "assistant", "model": Model, "content": []any{}, "stop_reason": nil,
		"usage": fields{"input_tokens": 20, "cache_read_input_tokens": 100, "output_tokens": 1},
	}}) + a.event("content_block_start", fields{
		"index": 0, "content_block": fields{"type": "tool_use", "id": "toolu_1", "name": "answer", "input": fields{}},
	}) + a.event("ping", fields{})
}

func (a anthropic) delta(delta fields) string {
	return a.event("content_block_delta", fields{"index": 0, "delta": delta})
}

func (a anthropic) piece(text string) string {
	return a.delta(fields{"type": "input_json_delta", "partial_json": text})
}

func (a anthropic) thought(text string) string {
	return a.delta(fields{"type": "thinking_delta", "thinking": text})
}

func (a anthropic) end(complete bool) string {
	reason := "tool_use"
	if !complete {
		reason = "max_tokens"
	}
	return a.event("content_block_stop", fields{"index": 0}) +
		a.event("message_delta", fields{"delta": fields{"stop_reason": reason}, "usage": fields{"output_tokens": 20}}) +
		a.event("message_stop", fields{})
}

func (a anthropic) broken(message string) string {
	return a.event("error", fields{"error": fields{"type": "api_error", "message": message}})
}

func (anthropic) fault(kind, message string) string {
	return quote(fields{"type": "error", "error": fields{"type": kind, "message": message}, "request_id": "req_1"})
}

func (anthropic) full() (status int, kind, message string) {
	return http.StatusBadRequest, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"
}
