#!/usr/bin/env python3
"""Writes the names in rules/winninghunter/tables/country-mistakes.yaml anew.

The names are those of Unicode CLDR, in the languages of the API's documentation and of each country.
What else stands in a row was written by hand, and stays in front of them.

    pip install Babel==2.17.0
    python3 crates/reqlint-core/tools/country-mistakes.py
"""

import re
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

TABLE = Path(__file__).parents[3] / "rules/winninghunter/tables/country-mistakes.yaml"
LANGUAGES = ["en", "tr", "fr", "es", "nl", "pt", "de"]
ROW = re.compile(r'- \{ code: "(\w\w)", wrong: \[(.*)\] \}$')


def folded(text):
    """The rule compares without case, and takes the Turkish letters for one `i`."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


def names(code):
    for language in LANGUAGES + list(get_official_languages(code, de_facto=True)):
        try:
            name = Locale.parse(language).territories.get(code)
        except (UnknownLocaleError, ValueError):
            continue
        if name:
            yield name


def row(line):
    found = ROW.match(line)
    if not found:
        return line
    code, words = found[1], re.findall(r'"([^"]*)"', found[2])
    listed = list(names(code))
    by_hand = [word for word in words if word not in listed]
    kept = []
    for word in by_hand + listed:
        if folded(word) not in map(folded, kept):
            kept.append(word)
    quoted = ", ".join(f'"{word}"' for word in kept)
    return f'- {{ code: "{code}", wrong: [{quoted}] }}'


lines = TABLE.read_text().splitlines()
TABLE.write_text("\n".join(map(row, lines)) + "\n")
