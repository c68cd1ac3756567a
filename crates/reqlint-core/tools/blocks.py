"""The blocks of code in a folder of reStructuredText, as docutils finds them. See blocks.mjs."""

import json
import sys
from pathlib import Path

import docutils
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives


class Code(Directive):
    """Directives of Sphinx and its extensions whose content is code."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {name: directives.unchanged for name in ("linenos", "caption", "emphasize-lines", "name")}

    def run(self):
        text = "\n".join(self.content)
        language = self.arguments[0].split()[0] if self.arguments else ""
        return [nodes.literal_block(text, text, language=language)]


class Container(Directive):
    """Directives whose content is a document."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self):
        node = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


for name in ("code-block", "sourcecode", "code", "prompt", "http:example"):
    directives.register_directive(name, Code)
for name in ("tabs", "tab", "group-tab", "code-tab"):
    directives.register_directive(name, Container)


def blocks(path):
    settings = {"report_level": 5, "file_insertion_enabled": False, "raw_enabled": False}
    tree = publish_doctree(path.read_text(), settings_overrides=settings)
    # What docutils shows of a directive that is damaged is no code.
    found = [node for node in tree.findall(nodes.literal_block) if not isinstance(node.parent, nodes.system_message)]
    return [{"language": node.get("language", ""), "text": node.astext()} for node in found]


files = {path.name: blocks(path) for path in sorted(Path(sys.argv[1]).glob("*.rst"))}
print(json.dumps({"tool": f"docutils {docutils.__version__}", "files": files}))
