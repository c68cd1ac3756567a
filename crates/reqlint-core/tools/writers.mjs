// What the real tools send for the fixtures in `fixtures/forms`, as a table for the tests.
//
// Usage: node writers.mjs TOOLS [FORM…] > ../tests/writers.json
//
// TOOLS is a folder with `node_modules` and a Python environment `py` that hold the tools. Each runs the
// fixtures of its form against a server on 127.0.0.1, which stands for every host that they name, and what the
// server gets is the table. Where a tool has no way to send, its own reader says what it understood.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const tools = resolve(process.argv[2]);
const wanted = process.argv.slice(3);
const forms = resolve(dirname(fileURLToPath(import.meta.url)), '../../../fixtures/forms');
const load = createRequire(join(tools, 'index.js'));
const version = (name) => load(join(tools, 'node_modules', name, 'package.json')).version;

// Hosts of the fixtures; the server stands for all of them.
const HOSTS = /https?:\/\/[a-z.-]*example\.(?:com|org)(?::\d+)?/g;

let seen = [];
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const headers = [];
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      headers.push([request.rawHeaders[at], request.rawHeaders[at + 1]]);
    }
    seen.push({ method: request.method, target: request.url, headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(200, { 'Content-Type': 'application/json', Connection: 'close' });
    response.end('{}');
  });
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const address = `http://127.0.0.1:${server.address().port}`;

// Files that fixtures name.
const FILES = { 'a.txt': 'a', 'a.bin': 'b', 'note.txt': 'a note', 'data.json': '{"a": 1}', 'key.txt': 'key',
  'q.txt': 'q', 'body.json': '{"a": 1}', 'cookies.txt': '', 'b.txt': 'b', 'data.txt': 'data' };

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'writers-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(path, name), text);
  return path;
}

// The exit code of a program that is run in a folder.
function run(program, args, cwd) {
  const path = `${join(tools, 'py/bin')}:${join(tools, 'node_modules/.bin')}:${process.env.PATH}`;
  const env = { PATH: path, HOME: cwd, LC_ALL: 'C.UTF-8', NO_PROXY: '127.0.0.1', NODE_PATH: join(tools, 'node_modules') };
  return new Promise((done) => {
    const child = execFile(program, args, { cwd, env, timeout: 20000 }, (error, out, err) => {
      if (process.env.VERBOSE) process.stderr.write(`${args.at(-1)}: ${error ? error.code : 0}\n${out}${err}`);
      done(error ? (error.code ?? 1) : 0);
    });
    child.stdin.end();
  });
}

async function output(program, args) {
  return new Promise((done) => execFile(program, args, (_, out, err) => done((out || err).trim())));
}

// Runs a fixture as a program of its own; a program that fails says nothing about what follows.
function program(name, args, { whole }) {
  return async (file, text) => {
    const path = folder();
    const local = basename(file);
    writeFileSync(join(path, local), text);
    const code = await run(name, [...args, local], path);
    rmSync(path, { recursive: true });
    return whole && code !== 0 ? null : take();
  };
}

function take() {
  const rows = seen;
  seen = [];
  return rows;
}

// Newman sends what Postman sends.
async function newman(_, text) {
  let collection;
  try {
    collection = JSON.parse(text);
  } catch {
    return null;
  }
  collection = collection.collection ?? collection;
  const local = new URL(address);
  // Hosts that stand there in parts.
  const walk = (value) => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (value === null || typeof value !== 'object') return undefined;
    const host = Array.isArray(value.host) ? value.host.join('.') : value.host;
    if (typeof host === 'string' && /example\.(com|org)$/.test(host)) {
      Object.assign(value, { protocol: 'http', host: ['127', '0', '0', '1'], port: local.port });
    }
    return Object.values(value).forEach(walk);
  };
  walk(collection);
  const path = folder();
  await new Promise((done) => {
    load('newman').run({ collection, reporters: [], workingDir: path, timeoutRequest: 2000, insecureFileRead: true }, done);
  });
  rmSync(path, { recursive: true });
  return take();
}

async function bruno(file, text) {
  const path = folder();
  writeFileSync(join(path, 'bruno.json'), '{"version": "1", "name": "fixtures", "type": "collection"}');
  writeFileSync(join(path, basename(file)), text);
  await run('bru', ['run', basename(file)], path);
  rmSync(path, { recursive: true });
  return take();
}

// Bruno reads the exports of Insomnia; it is the only other reader of both versions.
async function insomnia(file, text) {
  const { insomniaToBruno } = load('@usebruno/converters');
  const parsed = file.endsWith('.json') ? text : load('js-yaml').load(text);
  let collection;
  try {
    collection = insomniaToBruno(typeof parsed === 'string' ? JSON.parse(parsed) : parsed);
  } catch {
    return null;
  }
  return items(collection.items);
}

// Requests in YAML are read as Bruno reads its own.
async function opencollection(file, text) {
  const { parseRequest } = load('@usebruno/filestore');
  const { openCollectionToBruno } = load('@usebruno/converters');
  try {
    const parsed = load('js-yaml').load(text);
    return items(parsed.items ? openCollectionToBruno(parsed).items : [parseRequest(text, { format: 'yml' })]);
  } catch {
    return null;
  }
}

function items(list) {
  const rows = [];
  for (const item of list ?? []) {
    if (item.items) rows.push(...items(item.items));
    if (item.type !== 'http-request') continue;
    const { method, url, headers = [], body } = item.request;
    const enabled = (pairs) => pairs.filter((pair) => pair.enabled !== false).map((pair) => [pair.name, pair.value]);
    const text = body?.json ?? body?.text ?? body?.xml ?? null;
    const form = body?.mode === 'formUrlEncoded' ? new URLSearchParams(enabled(body.formUrlEncoded)).toString() : null;
    rows.push({ method, target: url, headers: enabled(headers), body: text ?? form });
  }
  return rows;
}

const python = existsSync(join(tools, 'py/bin/python')) ? join(tools, 'py/bin/python') : 'python3';
const WRITERS = {
  wget: { tool: async () => (await output('wget', ['--version'])).split('\n')[0].replace(/ built.*/, ''), read: program('bash', [], { whole: false }) },
  httpie: {
    tool: async () => `HTTPie ${await output(join(tools, 'py/bin/http'), ['--version'])}`,
    // Without a terminal, it takes its standard input for the content.
    read: program('python3', ['-c', 'import pty, sys; pty.spawn(["bash", sys.argv[1]])'], { whole: false }),
  },
  python: {
    tool: async () => output(python, ['-c', 'import requests, httpx; print("requests", requests.__version__ + ", httpx", httpx.__version__)']),
    read: program(python, [], { whole: true }),
  },
  javascript: { tool: async () => `Node ${process.version}, axios ${version('axios')}`, read: program('node', [], { whole: true }) },
  postman: { tool: async () => `Newman ${version('newman')}`, read: newman },
  http: {
    tool: async () => `httpYac ${version('httpyac')}`,
    read: program('httpyac', ['send', '--all', '--silent', '--no-color'], { whole: false }),
  },
  bruno: { tool: async () => `Bruno ${version('@usebruno/cli')}`, read: bruno },
  hurl: {
    tool: async () => (await output('hurl', ['--version'])).split('\n')[0].replace(/ \(.*/, ''),
    read: program('hurl', ['--continue-on-error', '--file-root', '.'], { whole: false }),
  },
  opencollection: { tool: async () => `Bruno's filestore ${version('@usebruno/filestore')}`, read: opencollection },
  insomnia: { tool: async () => `Bruno's converters ${version('@usebruno/converters')}`, read: insomnia },
};

// Forms of which a reader says what it understood.
const reads = ['insomnia', 'opencollection'];
const table = {};
for (const [form, { tool, read }] of Object.entries(WRITERS)) {
  if (wanted.length > 0 && !wanted.includes(form)) continue;
  const files = {};
  for (const name of readdirSync(join(forms, form)).sort()) {
    if (/\.(md|jsx|ts|tsx)$/.test(name) || (form === 'wget' && name.endsWith('.yaml'))) continue;
    const text = readFileSync(join(forms, form, name), 'utf8').replace(HOSTS, reads.includes(form) ? '$&' : address);
    seen = [];
    const rows = await read(name, text);
    if (rows) files[name] = rows.map(clean);
  }
  table[form] = { tool: await tool(), reads: reads.includes(form), files };
}

// What every client adds by itself is left out, and what stands for the hosts.
function clean(row) {
  const added = ['host', 'connection', 'user-agent', 'accept', 'accept-encoding', 'accept-language', 'content-length',
    'postman-token', 'cache-control', 'sec-fetch-mode', 'transfer-encoding', 'request-start-time'];
  const plain = (text) => text.replaceAll(address, 'https://api.example.com')
    .replaceAll(encodeURIComponent(address), encodeURIComponent('https://api.example.com'))
    .replaceAll(new URL(address).host, 'api.example.com');
  const headers = row.headers.filter(([name]) => !added.includes(name.toLowerCase()));
  const multipart = headers.some(([name, value]) => name.toLowerCase() === 'content-type' && value.startsWith('multipart/'));
  const cut = ([name, value]) => [name, plain(value.replace(/; boundary=.*/, ''))];
  const body = row.body && !multipart ? plain(row.body) : null;
  return { method: row.method, target: plain(row.target), headers: headers.map(cut), body };
}

process.stdout.write(`${JSON.stringify(table, null, 1)}\n`);
server.close();
