package command

import "hearth/daemon/home"

// Memory stands for what people have remembered where calls are chosen from what is offered.
const Memory home.EntityID = "memory"

// MemoryServices are what it can be asked for.
func MemoryServices() []Service { return []Service{{"remember", []Field{textOf("text")}}} }

// MemoryCall is the call of one of MemoryServices, with what somebody wrote for its data. It is for no home.
func (s Service) MemoryCall(written map[string]any) (home.Call, error) {
	data, err := s.data(written)
	return home.Call{Domain: string(Memory), Service: s.Name, Data: data}, err
}
