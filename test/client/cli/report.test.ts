// The page of an incident: what was measured, decided and changed, and what only people know.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectArtifacts } from '../../../activities/connectors/artifacts.ts';
import { markdown } from '../../../client/cli/markdown.ts';
import { checklist } from '../../../workflows/catalog/checklist.ts';
import type { Report } from '../../../workflows/contract/index.ts';
import { runbooks } from '../command-line.ts';
import {
  aReceipt,
  aStart,
  done,
  finding,
  minutes,
  planned,
  refused,
  type Rehearsing,
  rehearsal,
  usual,
} from '../../support/rehearsing.ts';

const pageOf = (report: Report) => markdown(report).join('\n');
const page = async (rehearsing: Rehearsing = {}) => pageOf((await rehearsal(rehearsing)).report);
const sectionOf = (text: string, title: string) => text.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

const usualPage = await page({
  world: { 'Gradual Rollback: 100%': [planned('approval'), done(wayBack())] },
  messages: [
    { after: minutes(1), signal: 'acknowledge', args: [{ by: 'ann' }] },
    { after: minutes(2), signal: 'decide', args: [{ question: 'no-such-question', choice: 'yes', by: 'mallory' }] },
    ended(40),
  ],
});

function wayBack() {
  const [change] = aReceipt().changes;
  assert.ok(change);
  return aReceipt({ changes: [{ ...change, before: change.after, after: change.before }] });
}

function ended(after: number) {
  const alert = { ...aStart().alert, status: 'resolved', endsAt: aStart().alert.startsAt };
  return { after: minutes(after), signal: 'alert', args: [alert] };
}

test('the times are those to page, acknowledge, mitigate and resolve, counted from the alert', () => {
  const rows = sectionOf(usualPage, 'Times').match(/^\| (\w+) \| \S+ \| .+ \|$/gm) ?? [];
  assert.deepEqual(
    rows.map(row => row.split(' | ')[0]?.slice(2)),
    ['fired', 'opened', 'paged', 'acknowledged', 'mitigated', 'resolved', 'closed'],
  );
  assert.match(usualPage, /^\| acknowledged \| 2026-11-24T03:00:03.000Z \| 3 s \|$/m);
});

test('a time that never came is never, not empty', async () => {
  const silent = await page({ world: { page: new Error('503') }, people: {}, atMost: minutes(30), messages: [] });
  assert.match(silent, /^\| paged \| never \| {2}\|$/m);
});

test('of each budget stands what was used of it', () => {
  assert.match(sectionOf(usualPage, 'Budgets'), /^\| Immediate Response \| \d+ s \| 5 min \| in time \|$/m);
});

test('of each decision stands who decided, and how we know', () => {
  const decisions = sectionOf(usualPage, 'Who decided what');
  assert.match(
    decisions,
    /What is the cause\? \| Dynex Platform Issue \| ann \| claimed: typed under this name, not verified \|/,
  );
});

test('an answer that time gave is nobody’s', async () => {
  const report = await page({ people: {}, messages: [], atMost: minutes(300) });
  assert.match(
    sectionOf(report, 'Who decided what'),
    /none of these \(I will fix it manually\) \| no one \| time: no one answered \| 4 h/,
  );
});

test('of each change stand before, after, its key, and whether it was taken back', () => {
  const changes = sectionOf(usualPage, 'Changes');
  assert.match(changes, /Activate Circuit Breaker \| .*QUANTUM\\_BACKEND \| dynex \| classical \| yes: Gradual Rollback: 100%, /);
  assert.match(changes, /Gradual Rollback: 100% \|.* \| not in this record \| run-\d+\/Recovery\/Gradual Rollback: 100%25\/1 \|/);
});

test('what was only planned is no change', async () => {
  const observed = await page({ world: { setFallback: planned('observe'), setStatusPage: planned('observe') } });
  assert.equal(sectionOf(observed, 'Changes'), '');
});

test('what was refused is told with why', () => {
  assert.match(sectionOf(usualPage, 'Refused'), /yes for no-such-question \| mallory \|/);
});

test('all sixteen lines of the checklist stand there, ticked only from evidence', () => {
  const lines = sectionOf(usualPage, 'Incident Response Checklist').match(/^- \[[ x]\] .*$/gm) ?? [];
  const words = Object.values(checklist).flat();
  assert.equal(words.length, 16);
  assert.deepEqual(
    lines.map(line => words.find(one => line.slice(6).startsWith(one))),
    words,
  );
  const ticked = lines.filter(line => line.startsWith('- [x]'));
  assert.equal(ticked.length, 9);
  assert.match(ticked.join('\n'), /Verify resolution: 20 of 20 jobs succeeded on Dynex/);
});

test('each line without evidence is a question to people, and no other', () => {
  const open = sectionOf(usualPage, 'Incident Response Checklist').match(/^- \[ \] .*$/gm) ?? [];
  const asked = sectionOf(usualPage, 'Open items for people').match(/^- .*\?.*$/gm) ?? [];
  assert.equal(open.length, 7);
  assert.equal(asked.length, 7);
  assert.match(asked.join('\n'), /Implement fix: What fixed it, after ann named Dynex Platform Issue as the cause/);
});

test('a page that was not delivered and a recovery that was not measured tick nothing', async () => {
  const world = { page: new Error('503'), recovered: finding('unknown') };
  const report = await page({ world, atMost: minutes(60) });
  assert.match(report, /^- \[ \] Notify relevant team members/m);
  assert.match(report, /^- \[ \] Verify resolution/m);
  assert.match(report, /^- \[ \] Monitor metrics/m);
});

test('the draft of the post-mortem tells what went well and what did not', async () => {
  const world = { 'Activate Circuit Breaker': [refused('exceeded quota', true), done()] };
  const report = await page({ world, people: { ...usual, 'Activate Circuit Breaker': 'retry' } });
  const draft = sectionOf(report, 'Post-mortem (draft)');
  assert.match(draft, /Perhaps: quantum jobs fail, or run on classical solvers/);
  assert.match(draft, /\*\*Cause\.\*\* Dynex Platform Issue, said ann\./);
  assert.match(
    draft,
    /What went well[^]*Recovery was measured[^]*What did not[^]*Activate Circuit Breaker was stuck: exceeded quota/,
  );
  assert.match(draft, /- \[ \] Update Documentation \(commander\)/);
});

test('without Temporal or any worker the page is that of the record that was kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'artifacts-'));
  const artifacts = connectArtifacts({ folder });
  const { report } = await rehearsal();
  await artifacts.write(`reports/${report.incident}`, await artifacts.save(JSON.stringify(report)));
  const run = runbooks({ ARTIFACTS: folder });
  const { code, stdout, stderr } = await run('report', report.incident);
  assert.deepEqual([code, stdout], [0, `${pageOf(report)}\n`]);
  assert.match(stderr, /^From the artifact store/);
  assert.equal((await run('report', 'another-incident')).code, 5);
});
