package demo_test

import (
	"hearth/daemon/conversation"
	"hearth/daemon/home/demo"
)

var _ conversation.Home = (*demo.Home)(nil)
