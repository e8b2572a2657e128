// The rooms of the house and the doors between them, read from the sources.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const root = new URL('..', import.meta.url).pathname;
const rooms = ['workflows', 'activities', 'worker', 'client', 'lab', 'test'];
const sources = globSync(
  rooms.map(room => `${room}/**/*.{ts,js}`),
  { cwd: root },
).sort();
const text = (path: string) => readFileSync(join(root, path), 'utf8');

interface Import {
  file: string;
  /** A path from the root for our own files, else the package. */
  from: string;
  typesOnly: boolean;
}

const statement = /^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

const imports: Import[] = sources.flatMap(file =>
  [...text(file).matchAll(statement)].map(([, typesOnly, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic ?? '';
    const own = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
    return { file, from: own, typesOnly: typesOnly !== undefined };
  }),
);

const within = (path: string, room: string) => path.startsWith(`${room}/`);
const isTemporal = (from: string) => from.startsWith('@temporalio/');

/** No import of these files may be one of those; an empty list says that the rule holds. */
function forbids(rule: string, broken: (imported: Import) => boolean) {
  test(rule, () => {
    assert.deepEqual(
      imports.filter(broken).map(({ file, from }) => `${file} imports ${from}`),
      [],
    );
  });
}

test('the sources are really read', () => {
  assert.equal(sources.length > 150, true);
  const runbook = imports.filter(({ file }) => file === 'workflows/runbooks/dynex-outage.ts').map(({ from }) => from);
  assert.deepEqual(runbook, [
    'workflows/kit/index.ts',
    'workflows/runbooks/dynex-outage/cause.ts',
    'workflows/runbooks/dynex-outage/gradual-rollback.ts',
    'workflows/runbooks/dynex-outage/new-key.ts',
  ]);
  const multiline = imports.find(
    ({ file, from }) => file === 'workflows/kit/record/events.ts' && from === 'workflows/contract/index.ts',
  );
  assert.equal(multiline?.typesOnly, true);
});

const forWorkflows = ['@temporalio/workflow', '@temporalio/common'];

forbids(
  'workflow code imports nothing that touches the world, and only types from activities',
  ({ file, from, typesOnly }) =>
    within(file, 'workflows') &&
    !within(from, 'workflows') &&
    !forWorkflows.includes(from) &&
    !(typesOnly && from === 'activities/index.ts'),
);

forbids(
  'only the kit speaks to Temporal: a runbook is written in words',
  ({ file, from }) => within(file, 'workflows') && isTemporal(from) && !within(file, 'workflows/kit'),
);

forbids(
  'a runbook imports the words and its own causes, nothing else',
  ({ file, from, typesOnly }) =>
    within(file, 'workflows/runbooks') && !(from === 'workflows/kit/index.ts' || within(from, 'workflows/runbooks') || typesOnly),
);

forbids(
  'the contract imports nothing',
  ({ file, from }) => within(file, 'workflows/contract') && !within(from, 'workflows/contract'),
);

forbids('connectors know no Temporal', ({ file, from }) => within(file, 'activities/connectors') && isTemporal(from));

forbids(
  'activities know neither worker nor client, and of the workflows only contract and catalog',
  ({ file, from }) =>
    within(file, 'activities') &&
    (within(from, 'worker') ||
      within(from, 'client') ||
      (within(from, 'workflows') && !within(from, 'workflows/contract') && !within(from, 'workflows/catalog'))),
);

forbids(
  'worker and client never import each other',
  ({ file, from }) => (within(file, 'worker') && within(from, 'client')) || (within(file, 'client') && within(from, 'worker')),
);

forbids(
  'one room of the client touches the Temporal client',
  ({ file, from }) =>
    within(file, 'client') && from === '@temporalio/client' && file !== 'client/temporal.ts' && !within(file, 'client/temporal'),
);

test('what the packages of the SDK do not export is imported in one file of a room', () => {
  const deep = imports.filter(({ from }) => /^@temporalio\/[^/]+\//.test(from)).map(({ file }) => file);
  assert.deepEqual([...new Set(deep)], ['test/worker/record-history.ts', 'worker/rehearsal/sdk-internals.ts']);
});

forbids(
  'nothing that ships imports the lab or the tests',
  ({ file, from }) =>
    (within(from, 'lab') && !within(file, 'lab') && !within(file, 'test')) || (within(from, 'test') && !within(file, 'test')),
);

forbids(
  'every import of ours names the file with its ending',
  ({ from }) => rooms.some(room => within(from, room)) && !/\.(ts|js|json)$/.test(from),
);

const longest = (file: string) => (within(file, 'workflows/runbooks') ? 110 : within(file, 'test') ? 300 : 200);

test('no file is longer than its limit', () => {
  const lines = (file: string) => text(file).split('\n').length - 1;
  const long = sources
    .filter(file => lines(file) > longest(file))
    .map(file => `${file}: ${lines(file)} of ${longest(file)} lines`);
  assert.deepEqual(long, []);
});

test('a file is called by what it is about', () => {
  const vague = sources.filter(file =>
    /\d|utils?\b|helpers?\b|managers?\b|[A-Z_]/.test(basename(file).replace(/^p0\b|alertmanager/, '')),
  );
  assert.deepEqual(vague, []);
});

test('no check is switched off in the sources', () => {
  const off = new RegExp(['(ox|es)lint-(disable|ignore)', 'biome-ignore', '@ts-(ignore|expect-error|nocheck)'].join('|'));
  assert.deepEqual(
    sources.filter(file => off.test(text(file).replaceAll(/^\s*const off = .*$/gm, ''))),
    [],
  );
});

test('a runbook branches only on what its words return: no clock, chance, race or swallowed error of its own', () => {
  const own = /\bDate\b|Math\.random|setTimeout|Promise\.(race|any)|\btry\b|\.catch\(/;
  const runbooks = sources.filter(file => within(file, 'workflows/runbooks'));
  assert.equal(runbooks.length > 0, true);
  assert.deepEqual(
    runbooks.filter(file => own.test(text(file))),
    [],
  );
});

test('runbooks and activities know roles, never the names of a platform', () => {
  const named = sources
    .filter(file => within(file, 'workflows/runbooks') || within(file, 'workflows/kit') || within(file, 'activities'))
    .filter(file => /nqba-(api|worker|config|secrets|platform)\b/.test(text(file).replaceAll(/^\s*(\/\*\*|\*|\/\/).*$/gm, '')));
  assert.deepEqual(named, []);
});

test('nothing names the machine it was written on', () => {
  const places = new RegExp(['work', 'home', 'root', 'Users'].map(folder => `(^|[\\s'"\`(=])/${folder}/`).join('|'), 'm');
  const files = globSync('**/*.{ts,js,json,md,yaml,yml,toml,sum,mod}', {
    cwd: root,
    exclude: path => /^(node_modules|\.practice|\.git)/.test(path),
  });
  assert.equal(files.length > sources.length, true);
  assert.deepEqual(
    files.filter(file => places.test(text(file))),
    [],
  );
});
