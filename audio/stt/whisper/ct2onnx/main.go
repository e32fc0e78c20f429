// Command ct2onnx converts a Whisper model of CTranslate2 into the files that Hearth's recogniser opens.
//
//	go run ./audio/stt/whisper/ct2onnx SOURCE DESTINATION
package main

import (
	"fmt"
	"os"

	"hearth/audio/stt/whisper/convert"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: ct2onnx SOURCE DESTINATION")
		os.Exit(2)
	}
	if err := convert.Folder(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "ct2onnx:", err)
		os.Exit(1)
	}
}
