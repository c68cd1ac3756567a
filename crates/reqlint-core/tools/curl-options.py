#!/usr/bin/env python3
"""Prints the options of the installed curl as rows of src/parse/curl/options.rs, to compare with.

Names and arguments come from `curl --help all`, the version that brought an option from
`curl --manual`. What an option does to a request is for a person to say: the class is a `?`.
With the path of the table as its argument, only options that the table lacks, or whose short name
or argument differs, are printed.
"""

import re
import subprocess
import sys

HELP = re.compile(r"^\s*(?:-(?P<short>\S), )?\s*--(?P<name>[\w.-]+)(?P<argument> [<\[])?")
MANUAL = re.compile(r"^ {4,8}(?:-\S, )?--(?P<name>[\w.-]+)")
ADDED = re.compile(r"Added in (?P<version>\d[\d.]*\d)")
ROW = re.compile(r"row\(\"(?P<name>[\w.-]+)\", (?P<short>NONE|'.'), (?P<argument>\w+),")


def curl(*arguments):
    return subprocess.run(["curl", *arguments], capture_output=True, text=True, check=True).stdout


def versions():
    """The version that brought each option, from the manual's sections."""
    found, name = {}, None
    for line in curl("--manual").splitlines():
        if section := MANUAL.match(line):
            name = section["name"].removeprefix("no-")
        if name and (added := ADDED.search(line)):
            found.setdefault(name, added["version"])
    return found


def options():
    """Name → short name and kind of argument."""
    found = {}
    for line in curl("--help", "all").splitlines():
        if not (option := HELP.match(line)):
            continue
        name = option["name"]
        # The positive form stands in the table.
        if name.startswith("no-"):
            name = name.removeprefix("no-")
        short = f"'{option['short']}'" if option["short"] else "NONE"
        found[name] = (short, "Text" if option["argument"] else "Switch")
    return found


def main():
    table = {}
    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8") as file:
            table = {row["name"]: (row["short"], row["argument"]) for row in ROW.finditer(file.read())}
    added = versions()
    for name, (short, argument) in sorted(options().items()):
        known_short, known_argument = table.get(name, (None, None))
        # Whether an option has a `--no-` form is not in the help.
        same = (known_argument == "Text") == (argument == "Text")
        if known_short != short or not same:
            print(f'    row("{name}", {short}, {argument}, ?, "{added.get(name, "")}"),')


if __name__ == "__main__":
    main()
