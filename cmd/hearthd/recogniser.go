package main

import (
	"os"
	"path/filepath"

	"hearth/audio/stt"
	"hearth/audio/stt/whisper"
	"hearth/daemon/intent"
)

type recogniserCommand struct {
	Assets  string `required:""`
	Threads int    `default:"1"`
}

// Run answers the daemon until it closes the pipe.
func (r recogniserCommand) Run() error {
	return stt.Serve(os.Stdin, os.Stdout, stt.ServeOptions{
		Open:    func() (stt.Engine, error) { return openRecogniser(r.Assets, r.Threads) },
		Grammar: func(encoded []byte) (stt.Grammar, error) { return intent.UnmarshalGrammar(encoded) },
	})
}

func openRecogniser(assets string, threads int) (*whisper.Recogniser, error) {
	return whisper.Open(whisper.Options{
		Library: filepath.Join(assets, "onnxruntime", "libonnxruntime.so.1"),
		Model:   filepath.Join(assets, "whisper-tiny.en"),
		Threads: threads,
	})
}
