package homeassistant

import (
	"fmt"
	"net/url"
	"strings"
)

// endpoint is the address of the WebSocket API of the Home Assistant whose page is at a URL.
func endpoint(page string) (string, error) {
	u, err := url.Parse(page)
	if err != nil || u.Hostname() == "" {
		return "", fmt.Errorf("%q is not the address of a Home Assistant; want one such as http://homeassistant.local:8123", page)
	}
	switch u.Scheme {
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	default:
		return "", fmt.Errorf("%q is no web address; want one that begins with http:// or https://", page)
	}
	u.Path = strings.TrimRight(u.Path, "/") + "/api/websocket"
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return u.String(), nil
}
