// The blocks of code in the documents of `fixtures/forms`, as the writers' own parsers find them, as a table for
// the tests.
//
// Usage: node blocks.mjs TOOLS > ../tests/forms/blocks.json
//
// TOOLS is a folder with `node_modules` (@asciidoctor/core, commonmark) and a Python environment `py` (docutils).
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const tools = resolve(process.argv[2]);
const here = dirname(fileURLToPath(import.meta.url));
const forms = resolve(here, '../../../fixtures/forms');
const load = createRequire(join(tools, 'index.js'));
const version = (name) => JSON.parse(readFileSync(join(tools, 'node_modules', name, 'package.json'), 'utf8')).version;
const files = (form, ending) => readdirSync(join(forms, form)).filter((name) => ending.test(name)).sort();
const text = (form, name) => readFileSync(join(forms, form, name), 'utf8').replace(/^\uFEFF/, '');

function asciidoc(name) {
  const document = load('@asciidoctor/core')().load(text('asciidoc', name), { safe: 'secure' });
  const found = document.findBy({ traverse_documents: true }, (block) => ['listing', 'literal'].includes(block.getContext()));
  return found.map((block) => ({ language: block.getAttribute('language', ''), text: block.getSource() }));
}

function markdown(name) {
  const { Parser } = load('commonmark');
  const walker = new Parser().parse(text('markdown', name)).walker();
  const blocks = [];
  for (let step = walker.next(); step; step = walker.next()) {
    const { node, entering } = step;
    if (entering && node.type === 'code_block') {
      blocks.push({ language: (node.info ?? '').split(/\s/)[0], text: node.literal });
    }
  }
  return blocks;
}

const table = {
  asciidoc: { tool: `asciidoctor.js ${version('@asciidoctor/core')}`, files: {} },
  markdown: { tool: `commonmark.js ${version('commonmark')}`, files: {} },
  rst: JSON.parse(execFileSync(join(tools, 'py/bin/python'), [join(here, 'blocks.py'), join(forms, 'rst')], { encoding: 'utf8' })),
};
for (const name of files('asciidoc', /\.(adoc|asciidoc)$/)) table.asciidoc.files[name] = asciidoc(name);
for (const name of files('markdown', /\.(md|markdown)$/)) table.markdown.files[name] = markdown(name);
process.stdout.write(`${JSON.stringify(table, null, 1)}\n`);
