// Which small mistakes are made in a file, and that each of them lives only while it is chosen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Mutant, mutated } from './mutants.ts';
import { outcome } from './outcome.ts';
import { parsed } from './tree.ts';
import { tryAll, type Verdicts } from './trials.ts';

const changes = (source: string) => mutated('a.ts', source).mutants.map(({ change }) => change);

test('conditions, boundaries, operators, texts, members, twins and statements are changed', () => {
  assert.deepEqual(changes('f(a <= b);'), ['a <= b → a < b', 'a <= b → a > b']);
  assert.deepEqual(changes('x(a && b);'), ['a && b → a || b', 'a && b → a', 'a && b → b']);
  assert.deepEqual(changes('x(a ? b : c);'), ['a → true', 'a → false']);
  assert.deepEqual(changes('x(a + b, !c);'), ['a + b → a - b', '!c → c']);
  assert.deepEqual(changes("x('text', '', 7, true);"), ["'text' → ''", "'' → 'mutant'", '7 → 0', 'true → false']);
  assert.deepEqual(changes('x([a, ...b], { c, d: e });'), ['without a', 'without ...b', 'without c', 'without d: e']);
  assert.deepEqual(changes('x(a.some(b), a.filter(b));'), ['a.some(b) → a.every(b)', 'a.filter(b) → a']);
  assert.deepEqual(changes('function x() { y(); return z; }'), ['without y();', 'without return z;']);
});

test('a method that every object has is no twin of another', () => {
  assert.deepEqual(changes('x(a.toString(b));'), []);
});

test('types, imports and the names of fields are no mistakes to make', () => {
  assert.deepEqual(changes("import { a } from 'b'; const c: 'd' | undefined = a as 'e'; interface F { g: 'h' }"), []);
  assert.deepEqual(changes("x({ 'a name': b });"), ["without 'a name': b"]);
});

test('a mistake has the line as it is written, and says whether it is made while the file is loaded', () => {
  const { mutants } = mutated('a.ts', 'const a: number = 7;\nconst b = () => 8;\n', 40);
  assert.deepEqual(mutants, [
    { id: 40, file: 'a.ts', line: 1, code: 'const a: number = 7;', change: '7 → 0', atLoad: true },
    { id: 41, file: 'a.ts', line: 2, code: 'const b = () => 8;', change: '8 → 0', atLoad: false },
  ]);
});

test('every mutant of one text can be chosen, and none is there unless it is', () => {
  const source = 'if (a?.b.filter(c)?.d !== (e || f) && [...g, `h${i + 1}`].some(j => j)) k({ l: !m }); else n`o`;';
  const { text, mutants } = mutated('a.ts', source);
  assert.equal(mutants.length > 15, true);
  for (const { id } of mutants) assert.equal(text.split(`mutant === ${id} ?`).length, 2, `${id} in ${text}`);
  assert.doesNotThrow(() => parsed(text));
});

const [aFile, itsTest] = ['a-file.js', 'its-test.js'].map(name => new URL(name, import.meta.url).href);

async function tried(source: string, body: string): Promise<{ mutants: Mutant[]; verdicts: Verdicts }> {
  assert.ok(aFile && itsTest);
  const { text, mutants } = mutated('a.ts', source);
  const test = `import { test } from 'node:test'; import { count } from '${aFile}'; test('it counts', () => { ${body} });`;
  const verdicts: Verdicts = new Map();
  const texts = { [aFile]: text, [itsTest]: test };
  await tryAll([{ texts, tests: [itsTest], mutants: mutants.map(({ id }) => id), atLoad: false }], verdicts);
  return { mutants, verdicts };
}

test('a mutant that a test notices is killed, one that never ends too, and one that no test notices lives', async () => {
  const source = 'export function count(n) { let c = 1 - 1; while (c < n) c = c + 1; return c; }';
  const { mutants, verdicts } = await tried(source, "if (count(3) !== 3) throw new Error('not 3');");
  const of = (change: string) => verdicts.get(mutants.find(mutant => mutant.change === change)?.id ?? 0);
  assert.equal(verdicts.size, mutants.length);
  assert.match(of('1 - 1 → 1 + 1') ?? 'it lives', /^it lives$/);
  assert.match(of('c < n → c <= n') ?? 'it lives', /^it counts$/);
  assert.match(of('c + 1 → c - 1') ?? 'it lives', /^it never ended$/);
});

test('tests that fail without any mutant stop the trial: all would look killed', async () => {
  const source = 'export const count = () => 1;';
  await assert.rejects(tried(source, 'throw new Error(count());'), /without any mutant this test fails: it counts/);
  await assert.rejects(tried(source, 'one two'), /without any mutant the tests do not load: SyntaxError/);
});

test('one survivor that nobody has explained fails; explained it does not, and an explanation too many is told', () => {
  const { mutants } = mutated('a.ts', `const a = () => [${Array.from({ length: 20 }, (_, index) => index + 1).join()}];`);
  const verdicts: Verdicts = new Map(mutants.map(({ id }) => [id, 'a test']));
  const [first] = mutants;
  assert.ok(first);
  assert.deepEqual(outcome(mutants, verdicts, []), { lines: [], failed: false });
  verdicts.set(first.id, undefined);
  assert.equal(outcome(mutants, verdicts, []).failed, true);
  const why = 'nobody could notice';
  const known = { file: first.file, code: first.code, change: first.change, why };
  assert.deepEqual(outcome(mutants, verdicts, [known]).failed, false);
  assert.match(
    outcome(mutants, verdicts, [known, { ...known, change: '1 → 2' }]).lines.at(-1) ?? '',
    /explains what no longer lives.*1 → 2/,
  );
  for (const { id } of mutants.slice(0, 5)) verdicts.set(id, undefined);
  assert.equal(
    outcome(
      mutants,
      verdicts,
      mutants.map(mutant => ({ ...mutant, why })),
    ).failed,
    true,
  );
});
