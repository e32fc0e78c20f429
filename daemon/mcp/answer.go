package mcp

import (
	"context"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// An answeringTransport says that its input has ended once all is answered that was asked in it: the SDK cancels what is
// not answered as soon as there is nothing more to read. No call may stay open for good.
type answeringTransport struct{ sdk.Transport }

func (t answeringTransport) Connect(ctx context.Context) (sdk.Connection, error) {
	next, err := t.Transport.Connect(ctx)
	if err != nil {
		return nil, err
	}
	c := &answeringConnection{Connection: next, open: map[jsonrpc.ID]bool{}}
	c.fewer = sync.NewCond(&c.mu)
	return c, nil
}

type answeringConnection struct {
	sdk.Connection
	mu     sync.Mutex
	fewer  *sync.Cond          // calls are open, or the connection is closed
	open   map[jsonrpc.ID]bool // calls without an answer
	closed bool
}

func (c *answeringConnection) Read(ctx context.Context) (jsonrpc.Message, error) {
	message, err := c.Connection.Read(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	for err != nil && len(c.open) > 0 && !c.closed {
		c.fewer.Wait()
	}
	if request, ok := message.(*jsonrpc.Request); ok && request.IsCall() {
		c.open[request.ID] = true
	}
	return message, err
}

func (c *answeringConnection) Write(ctx context.Context, message jsonrpc.Message) error {
	err := c.Connection.Write(ctx, message)
	if response, ok := message.(*jsonrpc.Response); ok {
		c.mu.Lock()
		delete(c.open, response.ID)
		c.mu.Unlock()
		c.fewer.Broadcast()
	}
	return err
}

// Close wakes Read, too.
func (c *answeringConnection) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.fewer.Broadcast()
	return c.Connection.Close()
}
