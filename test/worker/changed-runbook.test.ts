// What docs/changing-a-runbook.md says of a runbook that is changed while an incident is open.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { joinCatalog } from '../../activities/own-runbooks.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { rehearseAll } from '../../worker/rehearsal/incidents.ts';
import { Sandbox } from '../../worker/rehearsal/rehearse.ts';
import { scenarioIn, writtenRunbook } from '../../worker/rehearsal/scenario.ts';

const aFolder = () => mkdtempSync(join(tmpdir(), 'changed-'));
const page = (title: string) => `await check('${title}').observe.probe({ url: 'api' });`;
const wait = "await task('Wait', { owner: 'platform', confirm: 'Waited' });";

/** A version of one runbook, in a folder of its own. */
function version(...lines: string[]): string {
  const folder = aFolder();
  const body = `runbook('Changed', async ({ check, task }) => { ${lines.join('\n')} });`;
  writeFileSync(join(folder, 'changed.ts'), `import { runbook } from 'nqba-runbooks/kit';\nexport const changed = ${body}\n`);
  const recovery = { check: 'probe', input: { url: 'api' } };
  writeFileSync(
    join(folder, 'changed.catalog.json'),
    JSON.stringify({ title: 'Changed', severity: 'P2', owner: 'platform', recovery }),
  );
  return folder;
}

const before = version(page('First'), page('Second'), wait);
joinCatalog(before);
const load = async (folder: string) => Sandbox.load((await workflowBundle(folder)).code, []);

const scenario = join(aFolder(), 'scenario.json');
const people = [{ question: 'Wait', choice: 'done', after: '10 minutes' }];
writeFileSync(scenario, JSON.stringify({ title: 'x', at: '2026-11-24T03:00:00Z', people }));

/** Opened by one version; every later run, and every replay if it is said so, is that of another. */
async function changed(to: string, { rollOver = false, replayed = false } = {}) {
  const [first, then] = [await load(before), await load(to)];
  let runs = 0;
  const open = first.open.bind(first);
  const switching = Object.assign(first, {
    open: async (...opened: Parameters<typeof open>) => {
      runs += 1;
      if (runs === 1 && replayed) {
        const execution = await open(...opened);
        return Object.assign(execution, { again: async () => Reflect.get(await then.open(...opened), 'workflow') });
      }
      return runs === 1 ? open(...opened) : then.open(...opened);
    },
  });
  const { incidents } = await rehearseAll(switching, scenarioIn(scenario, writtenRunbook('changed')).setting, { rollOver });
  const [incident] = incidents;
  assert.ok(incident);
  return incident;
}

const looks = ({ ran }: Awaited<ReturnType<typeof changed>>) =>
  ran.map(({ title }) => title).filter(title => ['First', 'Second', 'Third', 'Renamed'].includes(title));

describe('a run that begins with the changed code after a roll-over', () => {
  const cases: [string, string[], string[]][] = [
    ['may find its steps in another order: nothing is done twice', [page('Second'), page('First'), wait], ['First', 'Second']],
    [
      'does a step that is new, wherever it stands',
      [page('Third'), page('First'), page('Second'), wait],
      ['First', 'Second', 'Third'],
    ],
    ['does a step again that was given another title', [page('Renamed'), page('Second'), wait], ['First', 'Second', 'Renamed']],
    ['leaves out what was removed', [page('Second'), wait], ['First', 'Second']],
  ];
  for (const [what, lines, done] of cases)
    test(what, async () => {
      const rehearsal = await changed(version(...lines), { rollOver: true });
      assert.equal(rehearsal.report.outcome, 'recovered');
      assert.deepEqual(looks(rehearsal), done);
    });
});

describe('a run that is replayed with the changed code', () => {
  test('goes on where only what it has not come to is changed', async () => {
    const { differing } = await changed(version(page('First'), page('Second'), wait), { replayed: true });
    assert.deepEqual(differing, []);
  });

  test('asks for other things where a step was put before what it has done', async () => {
    const { differing } = await changed(version(page('First'), wait, page('Second')), { replayed: true });
    assert.notDeepEqual(differing, []);
  });
});
