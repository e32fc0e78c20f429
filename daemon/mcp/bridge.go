package mcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// answerTime is how much longer than the server takes a bridge waits for an answer.
const answerTime = 5 * time.Second

// BridgeOptions say what a bridge joins.
type BridgeOptions struct {
	HTTP    *http.Client
	URL     string // of the Server
	Version string
	// Near is who uses the tools; standard input and output when nil.
	Near sdk.Transport
}

// Bridge offers the tools of a Server over standard input and output. When the input ends, it answers what was asked in
// it and returns; when ctx ends, it returns at once. The server may be restarted meanwhile.
func Bridge(ctx context.Context, o BridgeOptions) error {
	far, err := sdk.NewClient(&sdk.Implementation{Name: "hearthd-mcp", Version: o.Version}, nil).Connect(ctx,
		&sdk.StreamableClientTransport{Endpoint: o.URL, HTTPClient: o.HTTP, DisableStandaloneSSE: true, MaxRetries: -1}, nil)
	if err != nil {
		return fmt.Errorf("ask the daemon for its tools: %w", err)
	}
	defer func() { _ = far.Close() }() // there is nothing left to do there
	known := far.InitializeResult()
	near := sdk.NewServer(known.ServerInfo, &sdk.ServerOptions{
		Instructions: known.Instructions, Capabilities: &sdk.ServerCapabilities{Tools: &sdk.ToolCapabilities{}},
	})
	for tool, err := range far.Tools(ctx, nil) {
		if err != nil {
			return fmt.Errorf("ask the daemon for its tools: %w", err)
		}
		near.AddTool(tool, func(call context.Context, r *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
			call, cancel := context.WithTimeout(call, callTime+answerTime)
			defer cancel()
			defer context.AfterFunc(ctx, cancel)() // the SDK lets calls go on when ctx ends
			return far.CallTool(call, &sdk.CallToolParams{Name: tool.Name, Arguments: r.Params.Arguments})
		})
	}
	transport := o.Near
	if transport == nil {
		transport = &sdk.StdioTransport{MaxLineLength: maxRequest}
	}
	if err := near.Run(ctx, answeringTransport{transport}); err != nil && ctx.Err() == nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("serve the tools: %w", err)
	}
	return nil
}
