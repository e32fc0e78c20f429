// Package onnx opens models in ONNX Runtime, whose library it loads once in a process.
package onnx

import (
	"errors"
	"fmt"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

var load = sync.OnceValue(func() error { return ort.InitializeEnvironment() })

// Load loads libonnxruntime from path; later calls return what the first one did, whatever their path.
func Load(path string) error {
	if !ort.IsInitialized() {
		ort.SetSharedLibraryPath(path)
	}
	if err := load(); err != nil {
		return fmt.Errorf("load ONNX Runtime from %s: %w", path, err)
	}
	return nil
}

// Open loads a model. Its inputs and outputs are named by the caller because asking the library for
// them loads the model a second time. The session is the caller's to destroy.
func Open(path string, threads int, inputs, outputs []string) (*ort.DynamicAdvancedSession, error) {
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	// Its own arenas and plans keep the memory of the longest clip for ever; malloc gives it back, and
	// costs no more time.
	err = errors.Join(options.SetIntraOpNumThreads(threads), options.SetCpuMemArena(false), options.SetMemPattern(false))
	if err != nil {
		return nil, fmt.Errorf("open model %s: %w", path, err)
	}
	session, err := ort.NewDynamicAdvancedSession(path, inputs, outputs, options)
	if err != nil {
		return nil, fmt.Errorf("open model %s: %w", path, err)
	}
	return session, nil
}

// Destroy frees values, which may be nil.
func Destroy(values []ort.Value) {
	for i, v := range values {
		if v != nil {
			v.Destroy()
			values[i] = nil
		}
	}
}
