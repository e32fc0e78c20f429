package intent_test

import (
	"fmt"
	"log"
	"math"

	"hearth/daemon/intent"
)

// exampleHome plugs two lamps, a list and a room into a small language of the published format.
func exampleHome() (*intent.Language, *intent.Home) {
	language, err := intent.Load("testdata/example/en.json")
	if err != nil {
		log.Fatal(err)
	}
	return language, language.Home(exampleNames)
}

var exampleNames = intent.Names{
	Entities: []intent.Name{
		{ID: "light.bed", Names: []string{"Bed light", "reading lamp"}, Context: map[string]string{"domain": "light"}},
		{ID: "light.hall", Names: []string{"Hall"}, Context: map[string]string{"domain": "light"}},
		{ID: "todo.shopping", Names: []string{"Shopping list"}, Context: map[string]string{"domain": "todo"}},
	},
	Areas: []intent.Name{{ID: "kitchen", Names: []string{"Kitchen"}}},
}

// Load a language, plug in the names of a home, recognise a sentence, and answer it.
func Example() {
	language, err := intent.Load("testdata/example/en.json") // a published file: data/en.json
	if err != nil {
		log.Fatal(err)
	}
	home := language.Home(exampleNames)
	results := home.Recognize("Please dim the kitchen lights to twenty-five percent!", intent.Where{})
	if len(results) == 0 {
		log.Fatal("not understood")
	}
	best := results[0]
	fmt.Println(best.Intent, best.Combination)
	fmt.Println(best.Slots["area"].IDs, best.Slots["brightness"].Value)
	answer, err := language.Respond(best, intent.ResponseData{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer)
	// Output:
	// HassLightSet area_brightness
	// [kitchen] 25
	// Kitchen at twenty-five percent
}

// A name stands for everything that bears it, and only where the template allows its kind.
func ExampleHome_Recognize() {
	_, home := exampleHome()
	for _, said := range []string{"switch the reading lamp on", "turn on the shopping list", "add oat milk to the shopping list"} {
		results := home.Recognize(said, intent.Where{Area: "kitchen"})
		if len(results) == 0 {
			fmt.Println("nothing")
			continue
		}
		fmt.Println(results[0].Intent, results[0].Slots["name"].IDs)
	}
	// Output:
	// HassTurnOn [light.bed]
	// nothing
	// HassListAddItem [todo.shopping]
}

// An owner's own sentences win over the published ones.
func ExampleLanguage_WithCustom() {
	language, _ := exampleHome()
	own := intent.NewCustom("Bedtime", "good night [house]", "(turn|switch) on [the] bed light")
	language, faults := language.WithCustom(own)
	for _, fault := range faults {
		fmt.Println(fault)
	}
	home := language.Home(exampleNames)
	for _, said := range []string{"Good night, house", "turn on the bed light"} {
		fmt.Println(home.Recognize(said, intent.Where{})[0].Intent)
	}
	// Output:
	// Bedtime
	// Bedtime
}

// A recogniser follows the grammar rune by rune. The grammar is passed to it in another process as bytes.
func ExampleHome_Grammar() {
	_, home := exampleHome()
	encoded, err := home.Grammar().MarshalBinary()
	if err != nil {
		log.Fatal(err)
	}
	grammar, err := intent.UnmarshalGrammar(encoded)
	if err != nil {
		log.Fatal(err)
	}
	state := grammar.Start()
	for _, r := range "turn on the " {
		state = grammar.Step(state, r)
	}
	for _, r := range "bhk" {
		fmt.Printf("%c is alive: %v, share of the ways: %.2f\n", r, grammar.Step(state, r) >= 0, math.Exp(grammar.Weight(state, r)))
	}
	fmt.Println(grammar.Accepts("please turn on the hall"), grammar.Accepts("turn on the kitchen"))
	// Output:
	// b is alive: true, share of the ways: 0.33
	// h is alive: true, share of the ways: 0.33
	// k is alive: false, share of the ways: 0.00
	// true false
}

// A fault of a template is told with its place.
func ExampleParse() {
	_, err := intent.Parse("turn on [the {name}")
	fmt.Println(err)
	// Output:
	// line 1 column 9 of "turn on [the {name}": no ']' closes this group
}
