package daemon

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hearth/daemon/conversation/command"
	"hearth/daemon/home"
	"hearth/daemon/home/demo"
	"hearth/daemon/intent"
	"hearth/daemon/intent/conformance"
)

// TestSpokenTimes says for later what people say, on a Saturday at three in the afternoon. An alarm rings and a
// reminder is set.
func TestSpokenTimes(t *testing.T) {
	now := time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)
	in := command.Input{Home: demo.New().Snapshot(), Room: "kitchen", Now: now, Timers: []command.Timer{
		{ID: "a", Kind: command.Alarm, Ringing: true, Due: now},
		{ID: "b", Kind: command.Reminder, Message: "trash", Due: now.Add(time.Hour)},
	}}
	for language, cases := range spokenTimes {
		h := supplementedLanguage(t, language).Home(namesOf(in.Home))
		recognise := func(s string) []intent.Result { return h.Recognize(s, intent.Where{Area: in.Room}) }
		for _, c := range cases {
			results := command.Sensible(recognise(c.said), in.Home, func(s string) command.Sense { return command.SenseOf(recognise(s)) })
			results = command.StopFirst(results)
			if len(results) == 0 {
				t.Errorf("%s: not understood: %q", language, c.said)
				continue
			}
			cmd, err := command.Build(results[0], in)
			if got := inShort(cmd.Calls); err != nil || results[0].Intent != c.intent || got != c.want {
				t.Errorf("%s: %q: %s, %q, %v; want %s, %q", language, c.said, results[0].Intent, got, err, c.intent, c.want)
			}
		}
	}
}

// inShort is the only call in the order kind, time, days, length, and what it is about.
func inShort(calls []home.Call) string {
	if len(calls) != 1 {
		return strings.Repeat("?", len(calls))
	}
	c := calls[0]
	parts := []string{c.Service, string(c.Entity)}
	if c.Service == "start" {
		parts = nil
	}
	for _, key := range []string{"kind", "at", "days", "seconds", "entity", "state", "name", "message", "command"} {
		if value, ok := c.Data[key]; ok {
			parts = append(parts, fmt.Sprint(value)+map[string]string{"seconds": " s"}[key])
		}
	}
	return strings.Join(parts, " ")
}

// TestEveryLanguageAnswersLater sees to it that whatever is said for later has sentences and a response in every
// language that Hearth adds to.
func TestEveryLanguageAnswersLater(t *testing.T) {
	for language, cases := range spokenTimes {
		l := supplementedLanguage(t, language)
		said := map[string]bool{}
		for _, c := range cases {
			said[c.intent] = true
			some := [][]intent.Timer{{{When: "WHEN", Message: "MESSAGE"}}, {{When: "WHEN"}, {When: "THEN"}}}
			if mayBeAboutNone(c.intent) {
				some = append(some, nil)
			}
			for _, timers := range some {
				reply, err := l.Respond(intent.Result{Intent: c.intent}, intent.ResponseData{Timers: timers})
				if err != nil || strings.TrimSpace(reply) == "" {
					t.Errorf("%s: %s with %d timers is answered %q, %v", language, c.intent, len(timers), reply, err)
				}
			}
		}
		for _, name := range []string{"SetAlarm", "ListAlarms", "CancelAllAlarms", "SetReminder", "PlanCommand", "WaitFor",
			"ListPlanned", "Snooze", "StopRinging"} {
			if !said["Hearth"+name] {
				t.Errorf("%s: nothing is said for %s", language, name)
			}
		}
	}
}

func mayBeAboutNone(name string) bool {
	return strings.HasPrefix(name, "HearthList") || strings.HasPrefix(name, "HearthCancelAll") ||
		name == "HearthGetList" || name == "HearthSnooze" || name == "HearthStopRinging"
}

// TestPublishedSentencesKeepTheirReading says a part of the published tests to the languages with and without what
// Hearth adds to them.
func TestPublishedSentencesKeepTheirReading(t *testing.T) {
	tests := filepath.Join(cmp.Or(os.Getenv("HEARTH_SHARED"), "../../shared"), "data", "intents", "tests")
	if _, err := os.Stat(tests); err != nil {
		t.Skipf("no published tests: %v (set HEARTH_SHARED)", err)
	}
	for language := range spokenTimes {
		supplemented := supplementedLanguage(t, language)
		sentences := assetsDir(t, "sentences")
		intents, err := conformance.ReadIntents(filepath.Join(sentences, "intents.json"))
		if err != nil {
			t.Fatal(err)
		}
		published, err := intent.Load(filepath.Join(sentences, language+".json"))
		if err != nil {
			t.Fatal(err)
		}
		paths, err := filepath.Glob(filepath.Join(tests, language, "*", "*.yaml"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: no tests, %v", language, err)
		}
		var some []string
		for i := 0; i < len(paths); i += 8 {
			some = append(some, paths[i])
		}
		want, err := conformance.Run(some, published, intents)
		if err != nil {
			t.Fatal(err)
		}
		got, err := conformance.Run(some, supplemented, intents)
		if err != nil || got.Sentences == 0 || got.Response != want.Response-reworded[language] || got.Slots != want.Slots || got.Intent != want.Intent {
			t.Errorf("%s: of %d sentences %d have their intent, %d their slots, %d their response (%v); without Hearth's %d, %d, %d",
				language, got.Sentences, got.Intent, got.Slots, got.Response, err, want.Intent, want.Slots, want.Response)
		}
	}
}

// reworded is how many replies of these tests Hearth says otherwise, since they have words of Home Assistant's: "No, su
// estado es off".
var reworded = map[string]int{"es": 1}

var spokenTimes = map[string][]struct{ said, intent, want string }{
	"en": {
		{"change my alarm to half past seven", "HearthMoveAlarm", "??"},
		{"set an alarm for next saturday at eight pm", "HearthSetAlarm", "alarm 2026-12-05T20:00"},
		{"set an alarm for saturday at eight pm", "HearthSetAlarm", "alarm 2026-11-28T20:00"},
		{"wake me next monday at seven", "HearthSetAlarm", "alarm 2026-11-30T07:00"},
		{"remind me tomorrow morning to call mom", "HearthSetReminder", "reminder 2026-11-29T09:00 call mom"},
		{"remind me tomorrow afternoon to call mom", "HearthSetReminder", "reminder 2026-11-29T15:00 call mom"},
		{"remind me to call mom tomorrow evening", "HearthSetReminder", "reminder 2026-11-29T19:00 call mom"},
		{"remind me tonight to call mom", "HearthSetReminder", "reminder 2026-11-28T19:00 call mom"},
		{"remind me to call mom on monday", "HearthSetReminder", "reminder 2026-11-30T09:00 call mom"},
		{"turn off kitchen ceiling every evening at eight", "HearthPlanCommand", "command 2026-11-28T20:00 mon,tue,wed,thu,fri,sat,sun turn off kitchen ceiling"},
		{"every night at one turn off kitchen ceiling", "HearthPlanCommand", "command 2026-11-29T01:00 mon,tue,wed,thu,fri,sat,sun turn off kitchen ceiling"},
		{"every afternoon at five turn off kitchen ceiling", "HearthPlanCommand", "command 2026-11-28T17:00 mon,tue,wed,thu,fri,sat,sun turn off kitchen ceiling"},
		{"wake me every morning at five", "HearthSetAlarm", "alarm 2026-11-29T05:00 mon,tue,wed,thu,fri,sat,sun"},
		{"remind me to lock up every evening at ten", "HearthSetReminder", "reminder 2026-11-28T22:00 mon,tue,wed,thu,fri,sat,sun lock up"},
		{"turn off kitchen ceiling at twelve tonight", "HearthPlanCommand", "command 2026-11-29T00:00 turn off kitchen ceiling"},
		{"turn off kitchen ceiling at quarter to twelve tonight", "HearthPlanCommand", "command 2026-11-28T23:45 turn off kitchen ceiling"},
		{"turn off kitchen ceiling at one tonight", "HearthPlanCommand", "command 2026-11-29T01:00 turn off kitchen ceiling"},
		{"turn off kitchen ceiling today at six", "HearthPlanCommand", "command 2026-11-28T18:00 turn off kitchen ceiling"},
		{"turn off kitchen ceiling at four this afternoon", "HearthPlanCommand", "command 2026-11-28T16:00 turn off kitchen ceiling"},
		{"turn off kitchen ceiling tomorrow night at one", "HearthPlanCommand", "command 2026-11-30T01:00 turn off kitchen ceiling"},
		{"turn off kitchen ceiling today at midnight", "HearthPlanCommand", "command 2026-11-29T00:00 turn off kitchen ceiling"},
		{"wake me at quarter to twelve in the morning", "HearthSetAlarm", "alarm 2026-11-29T11:45"},
		{"wake me at half past twelve at noon", "HearthSetAlarm", "alarm 2026-11-29T12:30"},
		{"what is on the shopping list", "HearthGetList", ""},
		{"in ten minutes remind me to check the oven", "HearthSetReminder", "reminder 600 s check the oven"},
		{"set an alarm for seven", "HearthSetAlarm", "alarm 2026-11-29T07:00"},
		{"set an alarm for half past seven", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"alarm for 7:30", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"alarm at 07:05", "HearthSetAlarm", "alarm 2026-11-29T07:05"},
		{"wake me up at quarter past seven", "HearthSetAlarm", "alarm 2026-11-29T07:15"},
		{"wake me at seven thirty tomorrow", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"set an alarm for 7 pm", "HearthSetAlarm", "alarm 2026-11-28T19:00"},
		{"set an alarm for 7am", "HearthSetAlarm", "alarm 2026-11-29T07:00"},
		{"alarm for tomorrow at eight", "HearthSetAlarm", "alarm 2026-11-29T08:00"},
		{"wake me every weekday at six thirty", "HearthSetAlarm", "alarm 2026-11-30T06:30 mon,tue,wed,thu,fri"},
		{"set an alarm for 6:45 on mondays and thursdays", "HearthSetAlarm", "alarm 2026-11-30T06:45 mon,thu"},
		{"set an alarm for quarter to eight called workout", "HearthSetAlarm", "alarm 2026-11-29T07:45 workout"},
		{"wake me up tomorrow morning at seven", "HearthSetAlarm", "alarm 2026-11-29T07:00"},
		{"what alarms are set", "HearthListAlarms", ""},
		{"when is my next alarm", "HearthListAlarms", ""},
		{"cancel my alarm", "HearthCancelAlarm", "cancel timer.a"},
		{"cancel all alarms", "HearthCancelAllAlarms", "cancel timer.a"},
		{"remind me to take out the trash at eight", "HearthSetReminder", "reminder 2026-11-28T20:00 take out the trash"},
		{"remind me to take out the trash in an hour", "HearthSetReminder", "reminder 3600 s take out the trash"},
		{"remind me to take out the trash tomorrow at 7", "HearthSetReminder", "reminder 2026-11-29T07:00 take out the trash"},
		{"remind me tomorrow to call mum", "HearthSetReminder", "reminder 2026-11-29T09:00 call mum"},
		{"remind me in 20 minutes to check the oven", "HearthSetReminder", "reminder 1200 s check the oven"},
		{"remind me at noon to eat", "HearthSetReminder", "reminder 2026-11-29T12:00 eat"},
		{"remind me every day at 8 pm to take my pills", "HearthSetReminder", "reminder 2026-11-28T20:00 mon,tue,wed,thu,fri,sat,sun take my pills"},
		{"turn off the kitchen ceiling at ten pm", "HearthPlanCommand", "command 2026-11-28T22:00 turn off the kitchen ceiling"},
		{"turn off the kitchen ceiling at half past ten tomorrow", "HearthPlanCommand", "command 2026-11-29T10:30 turn off the kitchen ceiling"},
		{"when the washing machine is done tell me", "HearthWaitFor", "condition switch.washing_machine done"},
		{"tell me when the washing machine is done", "HearthWaitFor", "condition switch.washing_machine done"},
		{"turn off the kitchen ceiling when the washing machine is off", "HearthWaitFor", "condition switch.washing_machine off turn off the kitchen ceiling"},
		{"what is planned", "HearthListPlanned", ""},
		{"snooze", "HearthSnooze", "snooze timer.a 540 s"},
		{"snooze for five minutes", "HearthSnooze", "snooze timer.a 300 s"},
		{"five more minutes", "HearthSnooze", "snooze timer.a 300 s"},
		{"dismiss the alarm", "HearthStopRinging", "stop timer.a"},
		{"cancel the reminder to trash", "HearthCancelReminder", "cancel timer.b"},
		{"what are my reminders", "HearthListReminders", ""},
		{"remind me tonight at eight to lock up", "HearthSetReminder", "reminder 2026-11-28T20:00 lock up"},
		{"stop", "HearthStopRinging", "stop timer.a"},
	},
	"de": {
		{"verschiebe meinen Wecker auf acht Uhr", "HearthMoveAlarm", "??"},
		{"stell einen Wecker für nächsten Samstag um 20 Uhr", "HearthSetAlarm", "alarm 2026-12-05T20:00"},
		{"weck mich kommenden Samstag um 20 Uhr", "HearthSetAlarm", "alarm 2026-12-05T20:00"},
		{"weck mich am Samstag um 20 Uhr", "HearthSetAlarm", "alarm 2026-11-28T20:00"},
		{"erinnere mich morgen früh an die Post", "HearthSetReminder", "reminder 2026-11-29T09:00 die Post"},
		{"erinnere mich morgen Mittag an die Post", "HearthSetReminder", "reminder 2026-11-29T12:00 die Post"},
		{"erinnere mich morgen Nachmittag an die Post", "HearthSetReminder", "reminder 2026-11-29T15:00 die Post"},
		{"erinnere mich heute Abend an die Post", "HearthSetReminder", "reminder 2026-11-28T19:00 die Post"},
		{"erinnere mich heute Nacht an die Post", "HearthSetReminder", "reminder 2026-11-28T22:00 die Post"},
		{"schalte kitchen ceiling jeden Abend um acht Uhr aus", "HearthPlanCommand", "command 2026-11-28T20:00 mon,tue,wed,thu,fri,sat,sun schalte kitchen ceiling aus"},
		{"schalte kitchen ceiling jede Nacht um eins aus", "HearthPlanCommand", "command 2026-11-29T01:00 mon,tue,wed,thu,fri,sat,sun schalte kitchen ceiling aus"},
		{"schalte kitchen ceiling jeden Nachmittag um fünf aus", "HearthPlanCommand", "command 2026-11-28T17:00 mon,tue,wed,thu,fri,sat,sun schalte kitchen ceiling aus"},
		{"weck mich jeden Morgen um fünf", "HearthSetAlarm", "alarm 2026-11-29T05:00 mon,tue,wed,thu,fri,sat,sun"},
		{"schalte kitchen ceiling heute Nacht um drei aus", "HearthPlanCommand", "command 2026-11-29T03:00 schalte kitchen ceiling aus"},
		{"schalte kitchen ceiling heute um Mitternacht aus", "HearthPlanCommand", "command 2026-11-29T00:00 schalte kitchen ceiling aus"},
		{"schalte kitchen ceiling heute um 24 Uhr aus", "HearthPlanCommand", "command 2026-11-29T00:00 schalte kitchen ceiling aus"},
		{"schalte kitchen ceiling morgen um halb sechs aus", "HearthPlanCommand", "command 2026-11-29T17:30 schalte kitchen ceiling aus"},
		{"schalte kitchen ceiling um halb zwölf abends aus", "HearthPlanCommand", "command 2026-11-28T23:30 schalte kitchen ceiling aus"},
		{"schalte kitchen ceiling um zwölf Uhr nachts aus", "HearthPlanCommand", "command 2026-11-29T00:00 schalte kitchen ceiling aus"},
		{"weck mich morgen Vormittag um halb zwölf", "HearthSetAlarm", "alarm 2026-11-29T11:30"},
		{"weck mich morgen Mittag um halb eins", "HearthSetAlarm", "alarm 2026-11-29T12:30"},
		{"weck mich um halb sechs nachts", "HearthSetAlarm", "alarm 2026-11-29T05:30"},
		{"was steht auf der Einkaufsliste", "HearthGetList", ""},
		{"stelle einen wecker auf sieben uhr", "HearthSetAlarm", "alarm 2026-11-29T07:00"},
		{"wecker auf halb acht", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"weck mich um viertel nach sieben", "HearthSetAlarm", "alarm 2026-11-29T07:15"},
		{"weck mich morgen um 7:30", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"weck mich um dreiviertel acht", "HearthSetAlarm", "alarm 2026-11-29T07:45"},
		{"weck mich um fünf vor halb acht", "HearthSetAlarm", "alarm 2026-11-29T07:25"},
		{"weck mich jeden Werktag um sechs Uhr dreißig", "HearthSetAlarm", "alarm 2026-11-30T06:30 mon,tue,wed,thu,fri"},
		{"wecker für montag um acht", "HearthSetAlarm", "alarm 2026-11-30T08:00"},
		{"wecker auf ein uhr", "HearthSetAlarm", "alarm 2026-11-29T01:00"},
		{"welche wecker sind gestellt", "HearthListAlarms", ""},
		{"wann klingelt mein nächster wecker", "HearthListAlarms", ""},
		{"lösche alle wecker", "HearthCancelAllAlarms", "cancel timer.a"},
		{"erinnere mich um acht an den Müll", "HearthSetReminder", "reminder 2026-11-28T20:00 den Müll"},
		{"erinnere mich in einer Stunde daran, den Müll rauszubringen", "HearthSetReminder", "reminder 3600 s den Müll rauszubringen"},
		{"erinnere mich in zwei Stunden an den Ofen", "HearthSetReminder", "reminder 7200 s den Ofen"},
		{"erinnere mich morgen um sieben an den Müll", "HearthSetReminder", "reminder 2026-11-29T07:00 den Müll"},
		{"erinnere mich heute Abend um acht daran die Tür zu schließen", "HearthSetReminder", "reminder 2026-11-28T20:00 die Tür zu schließen"},
		{"erinnere mich morgen an Mama", "HearthSetReminder", "reminder 2026-11-29T09:00 Mama"},
		{"schalte Kitchen Ceiling um 22 Uhr aus", "HearthPlanCommand", "command 2026-11-28T22:00 schalte Kitchen Ceiling aus"},
		{"schalte Kitchen Ceiling morgen um acht Uhr an", "HearthPlanCommand", "command 2026-11-29T08:00 schalte Kitchen Ceiling an"},
		{"schalte Kitchen Ceiling jeden Tag um acht Uhr aus", "HearthPlanCommand", "command 2026-11-29T08:00 mon,tue,wed,thu,fri,sat,sun schalte Kitchen Ceiling aus"},
		{"schalte Kitchen Ceiling in zehn Minuten aus", "HassStartTimer", "600 s schalte Kitchen Ceiling aus"},
		{"schalte Kitchen Ceiling um acht Uhr ein", "HearthPlanCommand", "command 2026-11-28T20:00 schalte Kitchen Ceiling ein"},
		{"um 22 Uhr schalte Kitchen Ceiling aus", "HearthPlanCommand", "command 2026-11-28T22:00 schalte Kitchen Ceiling aus"},
		{"schalte Kitchen Ceiling aus wenn washing machine fertig ist", "HearthWaitFor", "condition switch.washing_machine done schalte Kitchen Ceiling aus"},
		{"sag mir bescheid wenn die washing machine fertig ist", "HearthWaitFor", "condition switch.washing_machine done"},
		{"was ist geplant", "HearthListPlanned", ""},
		{"schlummern", "HearthSnooze", "snooze timer.a 540 s"},
		{"noch fünf minuten", "HearthSnooze", "snooze timer.a 300 s"},
		{"wecker aus", "HearthStopRinging", "stop timer.a"},
		{"weck mich um sieben uhr abends", "HearthSetAlarm", "alarm 2026-11-28T19:00"},
		{"stopp", "HearthStopRinging", "stop timer.a"},
		{"weck mich um zwölf uhr mittags", "HearthSetAlarm", "alarm 2026-11-29T12:00"},
	},
	"fr": {
		{"décale le réveil à 8 heures et demie", "HearthMoveAlarm", "??"},
		{"réveille-moi samedi prochain à 20 heures", "HearthSetAlarm", "alarm 2026-12-05T20:00"},
		{"réveille-moi samedi à 20 heures", "HearthSetAlarm", "alarm 2026-11-28T20:00"},
		{"rappelle-moi demain après-midi de sortir", "HearthSetReminder", "reminder 2026-11-29T15:00 sortir"},
		{"rappelle-moi ce soir de sortir", "HearthSetReminder", "reminder 2026-11-28T19:00 sortir"},
		{"rappelle-moi demain matin de sortir", "HearthSetReminder", "reminder 2026-11-29T09:00 sortir"},
		{"éteins kitchen ceiling tous les soirs à huit heures", "HearthPlanCommand", "command 2026-11-28T20:00 mon,tue,wed,thu,fri,sat,sun éteins kitchen ceiling"},
		{"éteins kitchen ceiling chaque nuit à une heure", "HearthPlanCommand", "command 2026-11-29T01:00 mon,tue,wed,thu,fri,sat,sun éteins kitchen ceiling"},
		{"éteins kitchen ceiling chaque après-midi à cinq heures", "HearthPlanCommand", "command 2026-11-28T17:00 mon,tue,wed,thu,fri,sat,sun éteins kitchen ceiling"},
		{"réveille-moi tous les matins à cinq heures", "HearthSetAlarm", "alarm 2026-11-29T05:00 mon,tue,wed,thu,fri,sat,sun"},
		{"éteins kitchen ceiling ce soir à minuit", "HearthPlanCommand", "command 2026-11-29T00:00 éteins kitchen ceiling"},
		{"éteins kitchen ceiling ce soir à une heure", "HearthPlanCommand", "command 2026-11-29T01:00 éteins kitchen ceiling"},
		{"éteins kitchen ceiling cette nuit à cinq heures", "HearthPlanCommand", "command 2026-11-29T05:00 éteins kitchen ceiling"},
		{"éteins kitchen ceiling aujourd'hui à six heures", "HearthPlanCommand", "command 2026-11-28T18:00 éteins kitchen ceiling"},
		{"éteins kitchen ceiling à midi moins le quart", "HearthPlanCommand", "command 2026-11-29T11:45 éteins kitchen ceiling"},
		{"qu'y a-t-il sur ma liste de courses", "HearthGetList", ""},
		{"mets un réveil à sept heures et demie", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"réveil à 7h30", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"réveille-moi à sept heures", "HearthSetAlarm", "alarm 2026-11-29T07:00"},
		{"réveille-moi demain à huit heures moins le quart", "HearthSetAlarm", "alarm 2026-11-29T07:45"},
		{"réveille-moi à midi", "HearthSetAlarm", "alarm 2026-11-29T12:00"},
		{"réveille-moi à midi et demi", "HearthSetAlarm", "alarm 2026-11-29T12:30"},
		{"mets une alarme pour une heure du matin", "HearthSetAlarm", "alarm 2026-11-29T01:00"},
		{"réveille-moi tous les jours à six heures trente", "HearthSetAlarm", "alarm 2026-11-29T06:30 mon,tue,wed,thu,fri,sat,sun"},
		{"réveille-moi en semaine à 6 heures", "HearthSetAlarm", "alarm 2026-11-30T06:00 mon,tue,wed,thu,fri"},
		{"quels sont mes réveils", "HearthListAlarms", ""},
		{"quand sonne mon prochain réveil", "HearthListAlarms", ""},
		{"annule tous les réveils", "HearthCancelAllAlarms", "cancel timer.a"},
		{"rappelle-moi de sortir la poubelle à huit heures", "HearthSetReminder", "reminder 2026-11-28T20:00 sortir la poubelle"},
		{"rappelle-moi d'appeler maman demain", "HearthSetReminder", "reminder 2026-11-29T09:00 appeler maman"},
		{"rappelle-moi dans une heure de sortir la poubelle", "HearthSetReminder", "reminder 3600 s sortir la poubelle"},
		{"rappelle-moi demain à sept heures de sortir la poubelle", "HearthSetReminder", "reminder 2026-11-29T07:00 sortir la poubelle"},
		{"rappelle-moi ce soir à huit heures de fermer la porte", "HearthSetReminder", "reminder 2026-11-28T20:00 fermer la porte"},
		{"éteins kitchen ceiling à 22 heures", "HearthPlanCommand", "command 2026-11-28T22:00 éteins kitchen ceiling"},
		{"éteins kitchen ceiling quand washing machine a terminé", "HearthWaitFor", "condition switch.washing_machine done éteins kitchen ceiling"},
		{"préviens-moi quand la washing machine est terminée", "HearthWaitFor", "condition switch.washing_machine done"},
		{"qu'est-ce qui est prévu", "HearthListPlanned", ""},
		{"encore cinq minutes", "HearthSnooze", "snooze timer.a 300 s"},
		{"stop", "HearthStopRinging", "stop timer.a"},
		{"arrête le réveil", "HearthStopRinging", "stop timer.a"},
	},
	"es": {
		{"cambia la alarma a las ocho y media", "HearthMoveAlarm", "??"},
		{"despiértame el próximo sábado a las ocho de la noche", "HearthSetAlarm", "alarm 2026-12-05T20:00"},
		{"despiértame el sábado a las ocho de la noche", "HearthSetAlarm", "alarm 2026-11-28T20:00"},
		{"recuérdame mañana por la tarde llamar a mamá", "HearthSetReminder", "reminder 2026-11-29T15:00 llamar a mamá"},
		{"recuérdame esta noche llamar a mamá", "HearthSetReminder", "reminder 2026-11-28T19:00 llamar a mamá"},
		{"recuérdame mañana por la mañana llamar a mamá", "HearthSetReminder", "reminder 2026-11-29T09:00 llamar a mamá"},
		{"apaga kitchen ceiling todas las noches a las ocho", "HearthPlanCommand", "command 2026-11-28T20:00 mon,tue,wed,thu,fri,sat,sun apaga kitchen ceiling"},
		{"apaga kitchen ceiling cada noche a la una", "HearthPlanCommand", "command 2026-11-29T01:00 mon,tue,wed,thu,fri,sat,sun apaga kitchen ceiling"},
		{"apaga kitchen ceiling todas las tardes a las cinco", "HearthPlanCommand", "command 2026-11-28T17:00 mon,tue,wed,thu,fri,sat,sun apaga kitchen ceiling"},
		{"despiértame todas las mañanas a las cinco", "HearthSetAlarm", "alarm 2026-11-29T05:00 mon,tue,wed,thu,fri,sat,sun"},
		{"apaga kitchen ceiling a las doce de la noche", "HearthPlanCommand", "command 2026-11-29T00:00 apaga kitchen ceiling"},
		{"apaga kitchen ceiling a las doce de la mañana", "HearthPlanCommand", "command 2026-11-29T12:00 apaga kitchen ceiling"},
		{"apaga kitchen ceiling a la una de la noche", "HearthPlanCommand", "command 2026-11-29T01:00 apaga kitchen ceiling"},
		{"apaga kitchen ceiling a las doce menos cuarto de la noche", "HearthPlanCommand", "command 2026-11-28T23:45 apaga kitchen ceiling"},
		{"apaga kitchen ceiling hoy a las seis", "HearthPlanCommand", "command 2026-11-28T18:00 apaga kitchen ceiling"},
		{"apaga kitchen ceiling hoy a medianoche", "HearthPlanCommand", "command 2026-11-29T00:00 apaga kitchen ceiling"},
		{"qué hay en la lista de la compra", "HearthGetList", ""},
		{"pon una alarma a las siete y media", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"alarma para las 7:30", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"despiértame a las siete", "HearthSetAlarm", "alarm 2026-11-29T07:00"},
		{"despiértame mañana a las ocho menos cuarto", "HearthSetAlarm", "alarm 2026-11-29T07:45"},
		{"despiértame a la una", "HearthSetAlarm", "alarm 2026-11-29T01:00"},
		{"despiértame a las siete de la tarde", "HearthSetAlarm", "alarm 2026-11-28T19:00"},
		{"despiértame mañana por la mañana a las siete", "HearthSetAlarm", "alarm 2026-11-29T07:00"},
		{"pon una alarma todos los días a las seis y media", "HearthSetAlarm", "alarm 2026-11-29T06:30 mon,tue,wed,thu,fri,sat,sun"},
		{"despiértame de lunes a viernes a las 6", "HearthSetAlarm", "alarm 2026-11-30T06:00 mon,tue,wed,thu,fri"},
		{"qué alarmas tengo", "HearthListAlarms", ""},
		{"cuándo suena mi próxima alarma", "HearthListAlarms", ""},
		{"cancela todas las alarmas", "HearthCancelAllAlarms", "cancel timer.a"},
		{"recuérdame sacar la basura a las ocho", "HearthSetReminder", "reminder 2026-11-28T20:00 sacar la basura"},
		{"recuérdame sacar la basura en una hora", "HearthSetReminder", "reminder 3600 s sacar la basura"},
		{"recuérdame mañana a las siete sacar la basura", "HearthSetReminder", "reminder 2026-11-29T07:00 sacar la basura"},
		{"recuérdame en 20 minutos mirar el horno", "HearthSetReminder", "reminder 1200 s mirar el horno"},
		{"recuérdame mañana llamar a mamá", "HearthSetReminder", "reminder 2026-11-29T09:00 llamar a mamá"},
		{"apaga kitchen ceiling a las diez de la noche", "HearthPlanCommand", "command 2026-11-28T22:00 apaga kitchen ceiling"},
		{"apaga kitchen ceiling cuando washing machine termine", "HearthWaitFor", "condition switch.washing_machine done apaga kitchen ceiling"},
		{"avísame cuando la washing machine termine", "HearthWaitFor", "condition switch.washing_machine done"},
		{"qué hay programado", "HearthListPlanned", ""},
		{"cinco minutos más", "HearthSnooze", "snooze timer.a 300 s"},
		{"para la alarma", "HearthStopRinging", "stop timer.a"},
		{"para", "HearthStopRinging", "stop timer.a"},
	},
	"nl": {
		{"verzet de wekker naar acht uur", "HearthMoveAlarm", "??"},
		{"wek me volgende zaterdag om 20 uur", "HearthSetAlarm", "alarm 2026-12-05T20:00"},
		{"wek me aanstaande zaterdag om 20 uur", "HearthSetAlarm", "alarm 2026-12-05T20:00"},
		{"wek me zaterdag om 20 uur", "HearthSetAlarm", "alarm 2026-11-28T20:00"},
		{"herinner me morgenmiddag aan de vuilnis", "HearthSetReminder", "reminder 2026-11-29T15:00 de vuilnis"},
		{"herinner me vanavond aan de vuilnis", "HearthSetReminder", "reminder 2026-11-28T19:00 de vuilnis"},
		{"herinner me morgenochtend aan de vuilnis", "HearthSetReminder", "reminder 2026-11-29T09:00 de vuilnis"},
		{"doe kitchen ceiling elke avond om acht uur uit", "HearthPlanCommand", "command 2026-11-28T20:00 mon,tue,wed,thu,fri,sat,sun doe kitchen ceiling uit"},
		{"doe kitchen ceiling elke nacht om een uur uit", "HearthPlanCommand", "command 2026-11-29T01:00 mon,tue,wed,thu,fri,sat,sun doe kitchen ceiling uit"},
		{"doe kitchen ceiling elke middag om vijf uur uit", "HearthPlanCommand", "command 2026-11-28T17:00 mon,tue,wed,thu,fri,sat,sun doe kitchen ceiling uit"},
		{"wek me elke ochtend om vijf uur", "HearthSetAlarm", "alarm 2026-11-29T05:00 mon,tue,wed,thu,fri,sat,sun"},
		{"doe kitchen ceiling vanavond om half twaalf uit", "HearthPlanCommand", "command 2026-11-28T23:30 doe kitchen ceiling uit"},
		{"doe kitchen ceiling vanavond om twaalf uur uit", "HearthPlanCommand", "command 2026-11-29T00:00 doe kitchen ceiling uit"},
		{"doe kitchen ceiling vannacht om vijf uur uit", "HearthPlanCommand", "command 2026-11-29T05:00 doe kitchen ceiling uit"},
		{"doe kitchen ceiling vandaag om zes uur uit", "HearthPlanCommand", "command 2026-11-28T18:00 doe kitchen ceiling uit"},
		{"doe kitchen ceiling vandaag om middernacht uit", "HearthPlanCommand", "command 2026-11-29T00:00 doe kitchen ceiling uit"},
		{"doe kitchen ceiling om half een 's middags uit", "HearthPlanCommand", "command 2026-11-29T12:30 doe kitchen ceiling uit"},
		{"wat staat er op de boodschappenlijst", "HearthGetList", ""},
		{"zet de wekker op half acht", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"zet een wekker om 7:30", "HearthSetAlarm", "alarm 2026-11-29T07:30"},
		{"maak me wakker om kwart over zeven", "HearthSetAlarm", "alarm 2026-11-29T07:15"},
		{"maak me morgen om zeven uur wakker", "HearthSetAlarm", "alarm 2026-11-29T07:00"},
		{"wek me om vijf voor half acht", "HearthSetAlarm", "alarm 2026-11-29T07:25"},
		{"zet de wekker op zeven uur 's avonds", "HearthSetAlarm", "alarm 2026-11-28T19:00"},
		{"zet de wekker morgenochtend om zeven uur", "HearthSetAlarm", "alarm 2026-11-29T07:00"},
		{"zet de wekker elke dag om half zeven", "HearthSetAlarm", "alarm 2026-11-29T06:30 mon,tue,wed,thu,fri,sat,sun"},
		{"wek me op werkdagen om 6 uur", "HearthSetAlarm", "alarm 2026-11-30T06:00 mon,tue,wed,thu,fri"},
		{"welke wekkers staan er", "HearthListAlarms", ""},
		{"wanneer gaat mijn volgende wekker", "HearthListAlarms", ""},
		{"verwijder alle wekkers", "HearthCancelAllAlarms", "cancel timer.a"},
		{"herinner me om acht uur aan de vuilnis", "HearthSetReminder", "reminder 2026-11-28T20:00 de vuilnis"},
		{"herinner me eraan om de vuilnis buiten te zetten om acht uur", "HearthSetReminder", "reminder 2026-11-28T20:00 de vuilnis buiten te zetten"},
		{"herinner me over een uur aan de vuilnis", "HearthSetReminder", "reminder 3600 s de vuilnis"},
		{"herinner me over een half uur aan de oven", "HearthSetReminder", "reminder 1800 s de oven"},
		{"herinner me morgen om zeven uur aan de vuilnis", "HearthSetReminder", "reminder 2026-11-29T07:00 de vuilnis"},
		{"herinner me vanavond om acht uur aan de deur", "HearthSetReminder", "reminder 2026-11-28T20:00 de deur"},
		{"herinner me er morgen aan om mama te bellen", "HearthSetReminder", "reminder 2026-11-29T09:00 mama te bellen"},
		{"doe kitchen ceiling om tien uur uit", "HearthPlanCommand", "command 2026-11-28T22:00 doe kitchen ceiling uit"},
		{"doe kitchen ceiling elke dag om tien uur uit", "HearthPlanCommand", "command 2026-11-29T10:00 mon,tue,wed,thu,fri,sat,sun doe kitchen ceiling uit"},
		{"doe kitchen ceiling over tien minuten uit", "HassStartTimer", "600 s doe kitchen ceiling uit"},
		{"doe kitchen ceiling uit om tien uur", "HearthPlanCommand", "command 2026-11-28T22:00 doe kitchen ceiling uit"},
		{"om 22 uur doe kitchen ceiling uit", "HearthPlanCommand", "command 2026-11-28T22:00 doe kitchen ceiling uit"},
		{"doe kitchen ceiling uit als washing machine klaar is", "HearthWaitFor", "condition switch.washing_machine done doe kitchen ceiling uit"},
		{"laat me weten als de washing machine klaar is", "HearthWaitFor", "condition switch.washing_machine done"},
		{"wat is er gepland", "HearthListPlanned", ""},
		{"nog vijf minuten", "HearthSnooze", "snooze timer.a 300 s"},
		{"zet de wekker uit", "HearthStopRinging", "stop timer.a"},
		{"stop", "HearthStopRinging", "stop timer.a"},
	},
}
