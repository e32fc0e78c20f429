package confirm

import (
	"fmt"
	"math"

	"golang.org/x/image/colornames"

	"hearth/daemon/home"
)

var lights = map[string]rule{"light.turn_on": lightOn}

// lightOn is met by a light that is on, as bright and of the colour that the call asks for. Brightness
// 0 means off, as it does in Home Assistant.
func lightOn(call home.Call, before home.Entity) condition {
	if goesDark(call, before) {
		return becomes("off")(call, before)
	}
	return all(
		becomes("on")(call, before),
		brightness("brightness", 1).rule(call, before),
		brightness("brightness_pct", 255.0/100).rule(call, before),
		brightnessStep(call, before),
		colorName(call),
		rgbColor(call),
		kelvin(call, before),
	)
}

// brightness is from 0 to 255; one step off is rounding.
func brightness(field string, scale float64) quantity {
	return quantity{field, "brightness", "brightness", scale, 1.5, func(v float64) string { return percent(v / 2.55) }}
}

func goesDark(call home.Call, before home.Entity) bool {
	level, ok := home.Number(call.Data["brightness"])
	percent, okPercent := home.Number(call.Data["brightness_pct"])
	step, _ := home.Number(call.Data["brightness_step_pct"])
	return ok && level == 0 || okPercent && percent == 0 || step < 0 && before.State == "off"
}

// brightnessStep is met when the light is brighter, or darker, than it was.
func brightnessStep(call home.Call, before home.Entity) condition {
	for _, field := range []string{"brightness_step_pct", "brightness_step"} {
		if step, ok := home.Number(call.Data[field]); ok && step != 0 {
			end := 255.0
			if step < 0 {
				end = 1
			}
			if before.State == "off" {
				before.Attributes = map[string]any{"brightness": 0}
			}
			return brightness(field, 1).grows(step, end)(call, before)
		}
	}
	return nil
}

func colorName(call home.Call) condition {
	name, ok := call.Data["color_name"].(string)
	if !ok {
		return nil
	}
	c, known := colornames.Map[name]
	if !known {
		return func(home.Entity) (string, bool) { return name + " is not a color that can be checked", false }
	}
	return colorNear([3]float64{float64(c.R), float64(c.G), float64(c.B)}, name)
}

func rgbColor(call home.Call) condition {
	want, ok := channels(call.Data["rgb_color"])
	if !ok {
		return nil
	}
	return colorNear(want, fmt.Sprintf("%v, %v, %v", want[0], want[1], want[2]))
}

// colorNear compares hue and saturation: bulbs mix colours as well as their lamps can, and report what
// they mixed.
func colorNear(want [3]float64, name string) condition {
	const hues, saturations = 20, 0.25 // a fifteenth of the colour wheel; people call it the same colour
	wantHue, wantSaturation := hueSaturation(want)
	return func(now home.Entity) (string, bool) {
		got, ok := channels(now.Attributes["rgb_color"])
		if !ok {
			return "color is not known", false
		}
		hue, saturation := hueSaturation(got)
		apart := math.Abs(math.Mod(hue-wantHue+540, 360) - 180)
		sameHue := apart <= hues || wantSaturation < saturations // white has no hue
		if !sameHue || math.Abs(saturation-wantSaturation) > saturations {
			return "color is not " + name, false
		}
		return "color is " + name, true
	}
}

// kelvin compares in mireds, in which bulbs keep their colour temperature; one mired off is rounding.
// A bulb that cannot be as warm or as cold as asked for goes as far as it can.
func kelvin(call home.Call, before home.Entity) condition {
	want, ok := home.Number(call.Data["color_temp_kelvin"])
	if !ok || want <= 0 {
		return nil
	}
	if warmest, ok := home.Number(before.Attributes["min_color_temp_kelvin"]); ok {
		want = max(want, warmest)
	}
	if coldest, ok := home.Number(before.Attributes["max_color_temp_kelvin"]); ok {
		want = min(want, coldest)
	}
	return func(now home.Entity) (string, bool) {
		got, ok := home.Number(now.Attributes["color_temp_kelvin"])
		if !ok || got <= 0 {
			return "color temperature is not known", false
		}
		evidence := "color temperature is " + plain(got) + " K"
		return evidence, math.Abs(1e6/got-1e6/want) <= 1.5
	}
}

// hueSaturation is a colour's hue in degrees and its saturation from 0 to 1, after Smith's hexcone
// model (Color gamut transform pairs, SIGGRAPH 1978).
func hueSaturation(rgb [3]float64) (hue, saturation float64) {
	r, g, b := rgb[0], rgb[1], rgb[2]
	top, span := max(r, g, b), max(r, g, b)-min(r, g, b)
	switch {
	case span == 0:
		return 0, 0
	case top == r:
		hue = (g - b) / span
	case top == g:
		hue = (b-r)/span + 2
	default:
		hue = (r-g)/span + 4
	}
	return math.Mod(hue*60+360, 360), span / top
}

// channels reads red, green and blue.
func channels(value any) (rgb [3]float64, ok bool) {
	var list []any
	switch v := value.(type) {
	case []any:
		list = v
	case []int:
		for _, n := range v {
			list = append(list, n)
		}
	}
	if len(list) != len(rgb) {
		return rgb, false
	}
	for i, element := range list {
		if rgb[i], ok = home.Number(element); !ok {
			return rgb, false
		}
	}
	return rgb, true
}
