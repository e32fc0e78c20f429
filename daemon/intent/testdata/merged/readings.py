"""Writes readings.json: how hassil 3.12.1 reads the sentences of case.json in published.json, into which a.yaml and
b.yaml are merged as Home Assistant merges custom sentences (homeassistant/components/conversation/default_agent.py)."""

import json
from pathlib import Path

import yaml
from hassil.intents import Intents, TextSlotList
from hassil.recognize import recognize_best
from hassil.util import merge_dict

KEY = "hass_custom_sentence"
here = Path(__file__).parent
merged = json.loads((here / "published.json").read_text())
case = json.loads((here / "case.json").read_text())
for path in sorted(here.glob("*.yaml")):
    own = yaml.safe_load(path.read_text())
    for intent in own["intents"].values():
        for block in intent["data"]:
            block.setdefault("metadata", {})[KEY] = True
    merge_dict(merged, own)
intents = Intents.from_dict(merged)
names = [(name, name, {"domain": domain}) for name, domain in case["names"]]
lists = {
    "name": TextSlotList.from_tuples(names, name="name"),
    "area": TextSlotList.from_strings(case["areas"], name="area"),
}


def value(v):
    if isinstance(v, str):
        return v.strip()
    return int(v) if isinstance(v, float) and v.is_integer() else v


readings = []
for text in case["sentences"]:
    r = recognize_best(text, intents, slot_lists=lists, intent_context={"area": case["area"]}, best_metadata_key=KEY, best_slot_name="name")
    readings.append(
        {
            "text": text,
            "intent": r.intent.name if r else "",
            "custom": bool(r and (r.intent_metadata or {}).get(KEY)),
            "slots": {k: value(e.value) for k, e in sorted(r.entities.items())} if r else {},
        }
    )
lines = ",\n".join("  " + json.dumps(r) for r in readings)
(here / "readings.json").write_text(f"[\n{lines}\n]\n")
