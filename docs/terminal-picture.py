#!/usr/bin/env python3
"""Makes docs/terminal.svg: what reqlint prints for a real request, as a terminal shows it.

    python3 docs/terminal-picture.py           write the picture
    python3 docs/terminal-picture.py --check   exit 1 if it is not up to date

Needs the package `rich`, and reqlint built (`cargo build --release`).
"""

import io
import pathlib
import re
import subprocess
import sys

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = pathlib.Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "terminal.svg"
COMMAND = ["reqlint", "check", "fixtures/bad/mixed-time-params.query.sh"]
COLUMNS = 100


def run() -> str:
    """The output of the command, with colours."""
    command = [str(ROOT / "target" / "release" / "reqlint"), *COMMAND[1:], "--color", "always"]
    environment = {"COLUMNS": str(COLUMNS), "LANG": "C.UTF-8", "PATH": "", "TERM": "xterm-256color"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode != 1:
        sys.exit(f"expected diagnostics and exit code 1, got {done.returncode}: {done.stderr}")
    # Links are for terminals; a picture shows their text.
    return re.sub(r"\x1b\]8;;.*?(\x1b\\|\x07)", "", done.stdout)


def draw(output: str) -> str:
    """The output as SVG, in the fonts that the reader has."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ {' '.join(COMMAND)}", style="bold"))
    console.print(Text.from_ansi(output.rstrip("\n")))
    svg = console.export_svg(title="reqlint", theme=MONOKAI, unique_id="reqlint")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code", "ui-monospace, Menlo, Consolas") + "\n"


def main() -> None:
    picture = draw(run())
    if "--check" not in sys.argv[1:]:
        PICTURE.write_text(picture, encoding="utf-8")
    elif not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != picture:
        sys.exit("docs/terminal.svg is not what reqlint prints today: run docs/terminal-picture.py")


if __name__ == "__main__":
    main()
