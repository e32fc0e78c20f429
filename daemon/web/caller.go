package web

import (
	"context"
	"net"
	"syscall"
)

// Unknown is the user of a connection that proves none.
const Unknown = -1

type callerKey struct{}

// withCaller notes whose connection it is. The kernel says so of a unix socket, and nobody can pretend to be another
// (SO_PEERCRED in unix(7)).
func withCaller(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, callerKey{}, peer(conn))
}

// CallerOf is the Unix user ID of whoever sent the request, or Unknown.
func CallerOf(ctx context.Context) int {
	if user, ok := ctx.Value(callerKey{}).(int); ok {
		return user
	}
	return Unknown
}

func peer(conn net.Conn) int {
	socket, ok := conn.(*net.UnixConn)
	if !ok {
		return Unknown
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return Unknown
	}
	user := Unknown
	err = raw.Control(func(fd uintptr) {
		if credentials, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED); err == nil {
			user = int(credentials.Uid)
		}
	})
	if err != nil {
		return Unknown
	}
	return user
}
