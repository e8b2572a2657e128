import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanwhile } from '../../lab/guide/meanwhile.ts';
import { rehearsed } from '../../lab/guide/rehearsal.ts';
import { LabError } from '../../lab/lab-error.ts';

/** Milliseconds. */
const soon = { patience: 1, line: 1 };

/** Lines as they are said, and whoever waits for one. */
function listening() {
  const lines: string[] = [];
  const waiting: { what: RegExp; heard: () => void }[] = [];
  return {
    lines,
    say: (line: string) => {
      lines.push(line);
      for (const { what, heard } of waiting) if (what.test(line)) heard();
    },
    hear: (what: RegExp) => new Promise<void>(heard => waiting.push({ what, heard })),
  };
}

test('nothing is shown when everything that is run is there already', async () => {
  const { lines, say } = listening();
  assert.equal(await meanwhile(Promise.resolve('started'), Promise.resolve(), say), 'started');
  assert.deepEqual(lines, []);
});

test('while something is built the rehearsal is read, until the platform is ready', async () => {
  const { lines, say, hear } = listening();
  const starting = hear(/What is the cause\?/).then(() => 'started');
  assert.equal(await meanwhile(starting, starting, say, soon), 'started');
  assert.match(lines[0] ?? '', /rehearsal of the incident that you will see for real/);
  assert.equal(lines.at(-1), '… The rehearsal stops here.');
  assert.equal(
    lines.some(line => line.includes('Closed: recovered')),
    false,
  );
});

test('what keeps the platform from starting is not lost behind the rehearsal', async () => {
  const { say, hear } = listening();
  const starting = hear(/Immediate Response/).then(() => Promise.reject(new LabError('Go could not build etcd.')));
  await assert.rejects(meanwhile(starting, starting, say, soon), { message: 'Go could not build etcd.' });
});

test('the rehearsal goes from the alert to closed, in the order of its times', async () => {
  const lines = await rehearsed('dynex-outage');
  const times = lines.flatMap(line => /^ +(\d+):(\d\d) {2}/.exec(line)?.slice(1).map(Number) ?? []);
  const seconds = times.flatMap((minutes, index) => (index % 2 === 0 ? [minutes * 60 + (times[index + 1] ?? 0)] : []));
  assert.deepEqual(
    seconds,
    seconds.toSorted((one, other) => one - other),
  );
  const text = lines.join('\n');
  for (const told of ['The alert fires', 'nqba-worker-batch did not move', 'ann answers What is the cause', 'Closed: recovered'])
    assert.ok(text.includes(told), told);
});
