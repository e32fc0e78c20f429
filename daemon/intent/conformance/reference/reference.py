"""The reference matcher (hassil) behind JSON lines: one request a line in, one answer a line out.

    {"op": "load", "path": ".../en.json"}            -> {"version": "3.12.1", "words": [...], "skip": [...], "spaces": true}
    {"op": "home", "names": {"name": [...], ...}}    -> {}
    {"op": "draw", "seed": 1, "count": 100}          -> [{"text": ..., "intent": ..., "combination": ...}, ...]
    {"op": "variants", "text": "..."}                -> ["...", ...]
    {"op": "recognize", "text": "...", "area": "..."} -> {"intent": ..., "combination": ..., "slots": ...}
    {"op": "times", "texts": [...], "area": "..."}   -> [nanoseconds, ...]

A home's names are [said, value, domain]; a domain of "" stands for none. An area of "" is not known. A sentence
that matches nothing has no intent; one that makes the matcher raise has an "error".
"""

import importlib.metadata
import json
import random
import re
import sys
import time
import types

# hassil imports PyYAML for what is not done here.
sys.modules.setdefault("yaml", types.SimpleNamespace(safe_load=None))

# pylint: disable=wrong-import-position
from hassil.expression import Alternative, ListReference, Permutation, RuleReference, Sequence, TextChunk
from hassil.intents import Intents, RangeSlotList, TextSlotList
from hassil.numbers import get_rbnf_engine
from hassil.recognize import recognize_best
from hassil.util import CJK_WHITESPACE, check_required_context, normalize_whitespace, remove_skip_words


class Reference:
    """One language, and the names of one home."""

    def load(self, path):
        with open(path, encoding="utf-8") as file:
            self.intents = Intents.from_dict(json.load(file))
        self.lists = {}
        for values in self.intents.slot_lists.values():
            # The matcher keeps the number words of a range without its multiplier: which of two ranges that
            # differ in nothing else is read first decides the sign of both. Another spelling of the language
            # gives such a list words of its own.
            if isinstance(values, RangeSlotList) and values.multiplier is not None:
                language = self.intents.language
                values.words_language = language.replace("-", "_") if "-" in language else language + "-x"
        self.templates = [
            (intent, data, sentence.expression)
            for intent in self.intents.intents.values()
            for data in intent.data
            for sentence in data.sentences
        ]
        texts = [text for _, data, _ in self.templates for text in data.sentence_texts]
        return {
            "version": importlib.metadata.version("hassil"),
            "words": sorted({word for _, _, e in self.templates for word in self.words(e)}),
            "skip": self.intents.skip_words,
            "spaces": 2 * sum(" " in text for text in texts) > len(texts),
        }

    def home(self, names):
        self.lists = {
            name: TextSlotList.from_tuples(
                [(said, value, {"domain": domain} if domain else None) for said, value, domain in values],
                allow_template=False,
                name=name,
            )
            for name, values in names.items()
        }
        return {}

    def recognize(self, text, area):
        try:
            result = self.best(text, area)
        except Exception as error:  # what it raises is a finding, not a fault of this program
            return {"error": repr(error)}
        if result is None:
            return {}
        return {
            "intent": result.intent.name,
            "combination": combination(result.intent_data),
            "response": result.response,
            "slots": {e.name: {"value": e.value, "text": e.text.strip()} for e in result.entities_list},
            "captures": {c.name: c.text.strip() for c in result.captures_list},
            "template": result.intent_sentence.text,
        }

    def best(self, text, area):
        return recognize_best(
            text,
            self.intents,
            slot_lists=self.lists,
            intent_context={"area": area} if area else {},
            best_slot_name="name",
        )

    def times(self, texts, area):
        """How long each text takes the second time, when templates are parsed and names are indexed."""
        for text in texts:
            self.best(text, area)
        times = []
        for text in texts:
            begin = time.perf_counter_ns()
            self.best(text, area)
            times.append(time.perf_counter_ns() - begin)
        return times

    def variants(self, text):
        """Other ways to write a sentence, which mean the same but are not the same to the matcher."""
        spoken = text
        try:
            spoken = re.sub(r"\d+", lambda digits: self.in_words(int(digits[0]))[0], text)
        except Exception:  # the language has no words for it
            pass
        ends = text
        for start in True, False:
            ends = remove_skip_words(
                ends, self.intents.skip_words, self.intents.settings.ignore_whitespace, start=start, end=not start
            )
        return [
            text.lower(),
            text.replace("I", "ı").replace("İ", "i").lower(),  # Turkish
            text.replace("-", " "),
            *(text[: dash.start()] + " " + text[dash.end() :] for dash in re.finditer("-", text)),
            CJK_WHITESPACE.sub("", text),
            CJK_WHITESPACE.sub("", text.replace("-", " ")),
            ends.strip(),
            spoken,
        ]

    def draw(self, seed, count):
        """One random sentence of each of so many templates, none twice as long as there are others."""
        rng = random.Random(seed)
        drawn = []
        while len(drawn) < count:
            templates = list(self.templates)
            rng.shuffle(templates)
            for intent, data, expression in templates[: count - len(drawn)]:
                text = normalize_whitespace("".join(self.said(expression, data, rng))).strip()
                drawn.append({"text": text, "intent": intent.name, "combination": combination(data)})
        return drawn

    def said(self, e, data, rng):
        if isinstance(e, TextChunk):
            yield e.original_text
        elif isinstance(e, Alternative):
            yield from self.said(rng.choice(e.items), data, rng)
        elif isinstance(e, Permutation):
            for item in rng.sample(e.items, len(e.items)):
                yield from self.said(item, data, rng)
        elif isinstance(e, Sequence):
            for item in e.items:
                yield from self.said(item, data, rng)
        elif isinstance(e, RuleReference):
            rules = {**self.intents.expansion_rules, **data.expansion_rules}
            yield from self.said(rules[e.rule_name].expression, data, rng)
        elif isinstance(e, ListReference):
            lists = {**self.intents.slot_lists, **self.lists, **data.slot_lists}
            if e.is_inline_range:
                lists[e.list_name] = RangeSlotList(e.list_name, *e.get_inline_range())
            yield from self.listed(lists[e.list_name], data, rng)

    def listed(self, values, data, rng):
        if isinstance(values, RangeSlotList):
            yield self.number(rng.choice(list(values.get_numbers())), values, rng)
        elif isinstance(values, TextSlotList):
            fits = [v for v in values.values if check_required_context(data.requires_context, v.context, True)]
            if fits:
                yield from self.said(rng.choice(fits).text_in, data, rng)
        else:
            words = [word for _, _, e in rng.sample(self.templates, 3) for word in self.words(e)]
            yield " ".join(rng.sample(words, min(len(words), rng.randint(1, 3))))

    def number(self, number, values, rng):
        if values.words and (rng.random() < 0.5 or not values.digits):
            try:
                words = self.in_words(number)
                other = self.in_words(number + 0.25)
            except Exception:  # the language has no words for it
                return str(number)
            # In Polish it says "98 point zero" for both 98.5 and 98.75.
            words = [w.strip() for w in words if w not in other]
            if words:
                return rng.choice(words)
        return str(number)

    def in_words(self, number):
        return list(get_rbnf_engine(self.intents.language).format_number(number).text_by_ruleset.values())

    def words(self, e):
        if isinstance(e, TextChunk):
            yield from e.original_text.split()
        for item in getattr(e, "items", ()):
            yield from self.words(item)


def combination(data):
    return (data.metadata or {}).get("slot_combination", "")


def main():
    reference = Reference()
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(reference, request.pop("op"))(**request)
        print(json.dumps(answer, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
