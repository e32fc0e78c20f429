// Package command turns a recognised intent into what the home is to do: the service calls, as Home
// Assistant would make them, and what the published response may speak of. It is pure: it reads a
// snapshot, touches nothing, and gives the same result for the same input.
//
// Which services an intent calls follows Home Assistant's own intent handlers
// (homeassistant/components/*/intent.py); where it differs, the rule says so.
package command

import (
	"errors"
	"time"

	"hearth/daemon/home"
	"hearth/daemon/intent"
)

// Input is what a command is built from besides the sentence.
type Input struct {
	Home   *home.Snapshot
	Room   string // area ID of the speaker, "" when not known
	Now    time.Time
	Timers []Timer // that have not rung yet
	Before *Before // what was spoken of before, nil for nothing
	// Refer reads a sentence that puts off what refers to that: "turn it off in ten minutes". Nil when nothing does.
	Refer func(sentence string, before *Before) []intent.Result
	// Elided reads a verb and a piece of a sentence with the names of that between them: "turn", "off at 8".
	Elided func(verb, piece string, before *Before) []intent.Result
}

// A Command is what a sentence asks for. One without calls is answered at once.
type Command struct {
	// Calls are one for each entity, in the order of their IDs. Entities that cannot be reached are
	// among them: whether a call succeeds is for those to say who make it.
	Calls []home.Call
	// Answer is what the response template may speak of, as the home is before the calls.
	Answer intent.ResponseData
	// Timers are those that Answer speaks of, in the same order, where it may say when they are due.
	Timers []Timer
	// As is the reading that the sentence stands for, when it only refers to one: nil otherwise.
	As *intent.Result
	// Fetch is set when Calls or Answer lack what only the home can tell.
	Fetch *Fetch
}

var (
	// ErrNeedsRoom is returned for a sentence that means the speaker's room when that is not known.
	ErrNeedsRoom = errors.New("the sentence needs a room and none is known")
	// ErrPast is returned for a time of day, today, that is over.
	ErrPast = errors.New("the time is past")
	// ErrNoSun is returned for a time by the sun where the home does not tell when the sun rises and sets next.
	ErrNoSun = errors.New("the home does not tell when the sun rises and sets")
	// ErrNextSun is returned for a sunrise or sunset that is not the next one, or for all of them.
	ErrNextSun = errors.New("the home tells only the next sunrise and sunset")
	// ErrUnknownIntent is returned for an intent without a rule, and wraps its name.
	ErrUnknownIntent = errors.New("no rule for the intent")
	// ErrBadSlot is returned when a slot that the intent needs is missing or cannot be read.
	ErrBadSlot = errors.New("bad slot")
)

// Build makes the command for one reading of a sentence. It returns a *TargetError when nothing in
// this home fits, ErrNeedsRoom, ErrPast, ErrNoSun, ErrNextSun, ErrNothingBefore, ErrUnknownIntent or ErrBadSlot. What an owner may have a response say to an
// unknown intent is in the command all the same.
func Build(r intent.Result, in Input) (Command, error) {
	if in.Home == nil {
		in.Home = home.NewSnapshot(nil, nil, nil)
	}
	var c Command
	rule, ok := rules[r.Intent]
	if refers := referring(r.Intent); refers != nil {
		rule, ok = refers, true
	}
	err := errorf(ErrUnknownIntent, "%q", r.Intent)
	if ok {
		c, err = rule(request{r, in})
	}
	if err != nil && ok {
		return Command{}, err
	}
	c.Answer.Entity = in.entity
	if c.Answer.Now.IsZero() {
		c.Answer.Now = in.Now
	}
	return c, err
}

// entity is any entity of the home as a response sees it.
func (in Input) entity(id string) (intent.State, bool) {
	e, ok := in.Home.Entity(home.EntityID(id))
	return state(e), ok
}

// A rule is how one intent becomes a command.
type rule func(q request) (Command, error)

var rules = map[string]rule{
	"HassTurnOn":  turn(true),
	"HassTurnOff": turn(false),

	"HassLightSet":              lightSet,
	"HassSetPosition":           setPosition,
	"HassFanSetSpeed":           fanSetSpeed,
	"HassClimateSetTemperature": setTemperature,
	"HassClimateSetFanMode":     setFanMode,

	"HassGetState":              getState,
	"HassClimateGetTemperature": getTemperature,
	"HassGetWeather":            getWeather,
	"HassGetCurrentDate":        date,
	"HassGetCurrentTime":        justAnswer,
	"HassNevermind":             stopRinging,
	"HassRespond":               justAnswer,

	// What a conversation answers from its own memory.
	"HearthUndo":           justAnswer,
	"HearthWhy":            justAnswer,
	"HearthWhatDidYouDo":   justAnswer,
	"HearthWhatDidYouHear": justAnswer,
	"HearthRemember":       justAnswer,
	"HearthPrefer":         justAnswer,
	"HearthAsILike":        justAnswer,
	"HearthRecall":         justAnswer,
	"HearthForgetThat":     justAnswer,
	"HearthForgetFact":     justAnswer,
	"HearthForgetMe":       justAnswer,
	"HearthWhenLast":       justAnswer,
	"HearthSinceWhen":      justAnswer,
	"HearthRepeat":         justAnswer,
	Incomplete:             justAnswer,

	"HassMediaPause":         play(pausePlayer),
	"HassMediaUnpause":       play(resumePlayer),
	"HassMediaNext":          play(nextTrack),
	"HassMediaPrevious":      play(previousTrack),
	"HassMediaPlayerMute":    play(mutePlayer(true)),
	"HassMediaPlayerUnmute":  play(mutePlayer(false)),
	"HassSetVolume":          setVolume,
	"HassSetVolumeRelative":  changeVolume,
	"HassMediaSearchAndPlay": searchAndPlay,
	"HassBroadcast":          broadcast,

	"HassVacuumStart":          vacuumStart,
	"HassVacuumReturnToBase":   vacuumReturn,
	"HassVacuumCleanArea":      vacuumClean,
	"HassLawnMowerStartMowing": mowerStart,
	"HassLawnMowerDock":        mowerDock,

	"HearthCalculate": calculate,
	"HearthConvert":   convert,

	// Hearth's own, whose sentences are in daemon/supplement/*.house.yaml.
	"HearthSetOption":    setOption,
	"HearthSetNumber":    setNumber,
	"HearthSetHumidity":  setHumidity,
	"HearthGetHumidity":  getHumidity,
	"HearthSetTilt":      setTilt,
	"HearthStop":         firstOf(stops),
	"HearthPause":        firstOf(pauses),
	"HearthLocate":       firstOf(locates),
	"HearthFanOscillate": fanOscillate,
	"HearthFanDirection": fanDirection,
	"HearthArm":          arm,
	"HearthDisarm":       disarm,
	"HearthSnapshot":     snapshot,
	"HearthForecast":     getForecast,
	"HearthCalendar":     getEvents,
	"HearthGetBattery":   getBattery,
	"HearthForAWhile":    forAWhile,
	"HearthSun":          getSun,

	"HassListAddItem":              addItem,
	"HassListCompleteItem":         completeItem,
	"HassListRemoveItem":           removeItem,
	"HassShoppingListAddItem":      addItem,
	"HassShoppingListCompleteItem": completeItem,

	"HassStartTimer":      startTimer,
	"HassCancelTimer":     changeTimer("cancel", anyTimer),
	"HassPauseTimer":      changeTimer("pause", runningTimer),
	"HassUnpauseTimer":    changeTimer("unpause", pausedTimer),
	"HassIncreaseTimer":   adjustTimer("increase"),
	"HassDecreaseTimer":   adjustTimer("decrease"),
	"HassCancelAllTimers": cancelAllTimers,
	"HassTimerStatus":     timerStatus,

	// Hearth's own, whose sentences are in daemon/supplement.
	"HearthSetAlarm":           setAlarm,
	"HearthMoveAlarm":          moveAlarm,
	"HearthListAlarms":         listTimers(Alarm),
	"HearthCancelAlarm":        cancelOne(Alarm),
	"HearthCancelAllAlarms":    cancelEvery(Alarm),
	"HearthSetReminder":        setReminder,
	"HearthListReminders":      listTimers(Reminder),
	"HearthCancelReminder":     cancelOne(Reminder),
	"HearthCancelAllReminders": cancelEvery(Reminder),
	"HearthPlanCommand":        planCommand,
	"HearthWaitFor":            waitFor,
	"HearthListPlanned":        listTimers(planned...),
	"HearthCancelPlanned":      cancelOne(planned...),
	"HearthCancelAllPlanned":   cancelEvery(planned...),
	"HearthGetList":            getList,
	"HearthSnooze":             snooze,
	"HearthStopRinging":        stopRinging,
}

// justAnswer is for intents whose whole answer is in their response template.
func justAnswer(request) (Command, error) { return Command{}, nil }
