package unit

// Quantities, in metres, square metres, litres, kilograms, kelvin, metres a second, joules and seconds.
const (
	length      = "a length"
	area        = "an area"
	volume      = "a volume"
	mass        = "a mass"
	temperature = "a temperature"
	speed       = "a speed"
	energy      = "an energy"
	duration    = "a time"
)

// units by the symbol that they are told with. The factors are exact by definition, or as in NIST Special Publication
// 811 (2008), appendix B.8 and B.9; the British ones are those of the Weights and Measures Act 1985, schedule 1. Metric
// spoons and cups are 5, 15 and 250 millilitres.
var units = map[string]unit{
	"mm": {length, 1e-3, 0}, "cm": {length, 1e-2, 0}, "dm": {length, 0.1, 0}, "m": {length, 1, 0}, "km": {length, 1e3, 0},
	"in": {length, 0.0254, 0}, "ft": {length, 0.3048, 0}, "yd": {length, 0.9144, 0}, "mi": {length, 1609.344, 0}, "nautical mi": {length, 1852, 0},

	"mm2": {area, 1e-6, 0}, "cm2": {area, 1e-4, 0}, "m2": {area, 1, 0}, "km2": {area, 1e6, 0}, "are": {area, 100, 0}, "ha": {area, 1e4, 0},
	"in2": {area, 6.4516e-4, 0}, "ft2": {area, 0.09290304, 0}, "yd2": {area, 0.83612736, 0}, "mi2": {area, 2589988.110336, 0}, "acre": {area, 4046.8564224, 0},

	"ml": {volume, 1e-3, 0}, "cl": {volume, 1e-2, 0}, "dl": {volume, 0.1, 0}, "l": {volume, 1, 0}, "hl": {volume, 100, 0}, "m3": {volume, 1e3, 0}, "cm3": {volume, 1e-3, 0},
	"US tsp": {volume, 4.92892159375e-3, 0}, "US tbsp": {volume, 14.78676478125e-3, 0}, "US fl oz": {volume, 29.5735295625e-3, 0},
	"US cup": {volume, 0.2365882365, 0}, "US pint": {volume, 0.473176473, 0}, "US quart": {volume, 0.946352946, 0}, "US gal": {volume, 3.785411784, 0},
	"tsp": {volume, 5e-3, 0}, "tbsp": {volume, 15e-3, 0}, "metric cup": {volume, 0.25, 0},
	"UK fl oz": {volume, 28.4130625e-3, 0}, "UK pint": {volume, 0.56826125, 0}, "UK quart": {volume, 1.1365225, 0}, "UK gal": {volume, 4.54609, 0},
	"in3": {volume, 0.016387064, 0}, "ft3": {volume, 28.316846592, 0},

	"mg": {mass, 1e-6, 0}, "g": {mass, 1e-3, 0}, "dag": {mass, 1e-2, 0}, "hg": {mass, 0.1, 0}, "kg": {mass, 1, 0}, "t": {mass, 1e3, 0},
	"metric lb": {mass, 0.5, 0}, "oz": {mass, 0.028349523125, 0}, "lb": {mass, 0.45359237, 0}, "stone": {mass, 6.35029318, 0},
	"short ton": {mass, 907.18474, 0}, "long ton": {mass, 1016.0469088, 0}, "carat": {mass, 2e-4, 0},

	"K": {temperature, 1, 0}, "°C": {temperature, 1, 273.15}, "°F": {temperature, 5.0 / 9, 273.15 - 32*5.0/9},

	"m/s": {speed, 1, 0}, "km/h": {speed, 1 / 3.6, 0}, "mph": {speed, 0.44704, 0}, "kn": {speed, 1852.0 / 3600, 0}, "ft/s": {speed, 0.3048, 0},

	"J": {energy, 1, 0}, "kJ": {energy, 1e3, 0}, "MJ": {energy, 1e6, 0}, "Wh": {energy, 3600, 0}, "kWh": {energy, 3.6e6, 0}, "MWh": {energy, 3.6e9, 0},
	"cal": {energy, 4.184, 0}, "kcal": {energy, 4184, 0}, "BTU": {energy, 1055.05585262, 0},

	"ms": {duration, 1e-3, 0}, "s": {duration, 1, 0}, "min": {duration, 60, 0}, "h": {duration, 3600, 0}, "d": {duration, 86400, 0}, "week": {duration, 604800, 0},
	"year": {duration, 31557600, 0}, // of 365.25 days, the Julian year
}

// ambiguous are the names that mean one thing in American recipes and another elsewhere.
var ambiguous = map[string]struct{ english, elsewhere string }{
	"teaspoon": {"US tsp", "tsp"}, "tablespoon": {"US tbsp", "tbsp"}, "cup": {"US cup", "metric cup"}, "pound": {"lb", "lb"},
	"fluid ounce": {"US fl oz", "UK fl oz"}, "pint": {"US pint", "UK pint"}, "quart": {"US quart", "UK quart"}, "gallon": {"US gal", "UK gal"},
}

// names are what units are also called, in lower case and in the singular.
var names = map[string]string{
	"millimeter": "mm", "millimetre": "mm", "centimeter": "cm", "centimetre": "cm", "decimeter": "dm", "decimetre": "dm", "meter": "m", "metre": "m",
	"kilometer": "km", "kilometre": "km", "inch": "in", `"`: "in", "foot": "ft", "feet": "ft", "'": "ft", "yard": "yd", "mile": "mi",
	"nautical mile": "nautical mi", "nmi": "nautical mi",
	"square millimeter": "mm2", "square centimeter": "cm2", "square meter": "m2", "square metre": "m2", "sqm": "m2", "square kilometer": "km2",
	"square kilometre": "km2", "hectare": "ha", "square inch": "in2", "square foot": "ft2", "square feet": "ft2", "sqft": "ft2", "square yard": "yd2", "square mile": "mi2",
	"milliliter": "ml", "millilitre": "ml", "centiliter": "cl", "centilitre": "cl", "deciliter": "dl", "decilitre": "dl", "liter": "l", "litre": "l", "hectoliter": "hl",
	"cubic meter": "m3", "cubic metre": "m3", "cubic centimeter": "cm3", "cubic centimetre": "cm3", "cc": "cm3", "cubic inch": "in3", "cubic foot": "ft3", "cubic feet": "ft3",
	"tsp": "teaspoon", "tbsp": "tablespoon", "tbs": "tablespoon", "us teaspoon": "US tsp", "us tablespoon": "US tbsp", "us cup": "US cup", "us pint": "US pint",
	"us quart": "US quart", "us gallon": "US gal", "us gal": "US gal", "us fl oz": "US fl oz", "us fluid ounce": "US fl oz", "us tsp": "US tsp", "us tbsp": "US tbsp",
	"metric teaspoon": "tsp", "metric tablespoon": "tbsp", "metric cup": "metric cup",
	"fl oz": "fluid ounce", "floz": "fluid ounce", "pt": "pint", "qt": "quart", "gal": "gallon",
	"uk pint": "UK pint", "imperial pint": "UK pint", "uk gallon": "UK gal", "imperial gallon": "UK gal", "uk fl oz": "UK fl oz", "uk fluid ounce": "UK fl oz", "imperial fluid ounce": "UK fl oz", "uk quart": "UK quart", "uk gal": "UK gal",
	"milligram": "mg", "gram": "g", "gramme": "g", "decagram": "dag", "dekagram": "dag", "hectogram": "hg", "kilogram": "kg", "kilogramme": "kg", "kilo": "kg",
	"tonne": "t", "metric ton": "t", "ton": "t", "ounce": "oz", "pound": "lb", "st": "stone", "metric pound": "metric lb", "pfund": "metric lb", "livre": "metric lb", "pond": "metric lb",
	"kelvin": "K", "k": "K", "celsius": "°C", "c": "°C", "centigrade": "°C", "fahrenheit": "°F", "f": "°F",
	"meter per second": "m/s", "metre per second": "m/s", "kilometer per hour": "km/h", "kilometre per hour": "km/h", "kph": "km/h", "kmh": "km/h", "mile per hour": "mph",
	"mi/h": "mph", "knot": "kn", "kt": "kn", "feet per second": "ft/s",
	"joule": "J", "j": "J", "kilojoule": "kJ", "kj": "kJ", "megajoule": "MJ", "mj": "MJ", "watt hour": "Wh", "wh": "Wh", "kilowatt hour": "kWh", "kilowatt-hour": "kWh", "kwh": "kWh",
	"megawatt hour": "MWh", "mwh": "MWh", "calorie": "cal", "kilocalorie": "kcal", "btu": "BTU",
	"millisecond": "ms", "second": "s", "sec": "s", "minute": "min", "hour": "h", "hr": "h", "day": "d",
}
