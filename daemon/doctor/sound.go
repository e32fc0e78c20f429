package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hearth/audio"
	"hearth/audio/device"
	"hearth/audio/tts"
	"hearth/daemon"
)

// listenTime is long enough for a microphone that is not muted to give more than zeros.
const listenTime = 500 * time.Millisecond

// microphone listens for a moment, unless the daemon does.
func (e *examination) microphone(ctx context.Context) []Finding {
	detail := e.parts["microphone"].Detail
	switch {
	case e.Microphone.Device == "off":
		return fine("switched off (microphone.device)")
	case e.Hearing.Recogniser == "off":
		return fine("closed: hearing.recogniser is off")
	case e.lacksRecogniser():
		return fine("there is no recogniser to listen for")
	case e.works("microphone") && detail == daemon.Muted:
		return one(Warning, "the daemon does not listen: "+detail, "switch that off in Home Assistant (docs/mqtt.md); when settings.json cannot be read it is muted, too: remove that and restart the daemon")
	case e.works("microphone") && detail != "":
		return one(Warning, "the daemon does not listen: "+detail, "see language, microphone.device and hearing.recogniser, and restart the daemon after a change")
	case e.works("microphone"):
		return fine("the daemon listens")
	case !e.hears():
		return fine("closed: speech is understood in English only, and language is %s", e.Language)
	}
	microphone, err := device.Open(ctx, device.Options{Command: []string{e.executable, "capture"}, Device: e.Microphone.Device, Logger: e.log})
	if errors.Is(err, device.ErrNoDevice) {
		return one(Warning, "there is none: "+err.Error(), "plug one in, name it in microphone.device ("+e.names(ctx, device.Capture)+"), or set that to off")
	}
	if err != nil {
		return one(Problem, err.Error(), "unplug it and plug it in again, or restart the sound server")
	}
	defer microphone.Close()
	silent, err := silence(ctx, microphone)
	switch {
	case err != nil:
		return one(Problem, microphone.Name()+": "+err.Error(), "unplug it and plug it in again, or restart the sound server")
	case silent:
		return one(Warning, microphone.Name()+" gives no sound at all, not even noise", "see that it is not muted: a switch on it, or alsamixer")
	}
	return fine("%s", microphone.Name())
}

// silence tells whether a microphone gives nothing but zeros.
func silence(ctx context.Context, from audio.Source) (bool, error) {
	for heard := time.Duration(0); heard < listenTime; {
		frame, err := from.Next(ctx)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(frame.Samples, func(s int16) bool { return s != 0 }) {
			return false, nil
		}
		heard += frame.Format.Duration(len(frame.Samples))
	}
	return true, nil
}

// names lists the devices of a kind, for the owner to choose from.
func (e *examination) names(ctx context.Context, kind device.Kind) string {
	all, err := device.List(ctx, device.Options{Command: []string{e.executable, "devices"}, Logger: e.log})
	if err != nil {
		return "none can be listed"
	}
	list := ""
	for _, d := range all {
		if d.Kind == kind {
			list += fmt.Sprintf(", %q", d.Name)
		}
	}
	if list == "" {
		return "there is none now"
	}
	return "there are" + list[1:]
}

// speaker has a word spoken, which nobody hears, and looks for a loudspeaker.
func (e *examination) speaker(ctx context.Context) []Finding {
	if e.Speech.Engine == "off" {
		return fine("speech is switched off (speech.engine)")
	}
	findings := e.voice(ctx)
	if e.Speech.Speaker == "off" {
		return append(findings, fine("replies are not played (speech.speaker)")...)
	}
	all, err := device.List(ctx, device.Options{Command: []string{e.executable, "devices"}, Logger: e.log})
	i := slices.IndexFunc(all, func(d device.Info) bool { return d.Kind == device.Playback && d.Default })
	if i < 0 {
		i = slices.IndexFunc(all, func(d device.Info) bool { return d.Kind == device.Playback })
	}
	switch {
	case err != nil:
		return append(findings, one(Problem, err.Error(), "restart the sound server, or set speech.speaker to off")...)
	case i < 0:
		return append(findings, one(Warning, "there is no loudspeaker: replies are made and not heard", "plug one in, or set speech.speaker to off")...)
	}
	return append(findings, fine("%s", all[i].Name)...)
}

func (e *examination) voice(ctx context.Context) []Finding {
	engine, err := tts.New(tts.Options{Engine: tts.Engine(e.Speech.Engine), Voice: e.Speech.Voice, Language: e.Language})
	if err != nil {
		return one(Problem, err.Error(), "change speech.engine or speech.voice")
	}
	clip, err := engine.Speak(ctx, "1")
	switch {
	case errors.Is(err, tts.ErrNoEngine):
		return one(Warning, "replies are not spoken: "+err.Error(), "apt-get install espeak-ng, or set speech.engine to off")
	case err != nil:
		return one(Problem, err.Error(), "change speech.voice; espeak-ng --voices lists them")
	}
	return fine("replies are spoken, at %d Hz", clip.Format.Rate)
}
