// Every incident drafts its own component's public status at declaration, and the first message to customers within half an hour.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { claimOf, textNames } from '../../../activities/messages/texts.ts';
import { readOwnRunbooks } from '../../../activities/own-runbooks.ts';
import { workflowBundle } from '../../../worker/bundle.ts';
import { effectsOf } from '../../../worker/rehearsal/effects.ts';
import { rehearseAll } from '../../../worker/rehearsal/incidents.ts';
import { type People, Sandbox } from '../../../worker/rehearsal/rehearse.ts';
import { readScenario } from '../../../worker/rehearsal/scenario.ts';
import type { Attempt, World } from '../../../worker/rehearsal/virtual-server.ts';
import { isPublic } from '../../../workflows/catalog/activities.ts';
import { runbooks } from '../../../workflows/catalog/index.ts';
import { lastTexts } from '../../../workflows/kit/lifecycle/public-drafts.ts';
import { nqba } from '../../support/nqba.ts';
import { aReceipt, callOf, done, finding } from '../../support/rehearsing.ts';

const incidents = runbooks.filter(({ kind, severity }) => kind === 'incident' && severity !== 'P3');
const minute = 60_000;

let sandbox: Sandbox;
before(async () => {
  sandbox = await Sandbox.load((await workflowBundle()).code, []);
});

/** Its shipped scenario, where texts for the public meet that answer. */
const played = (slug: string, reaction?: ReturnType<World>) =>
  playedIn(slug, attempt => (reaction && isPublic(attempt.type) ? reaction : undefined));

/** @param reacts nothing where the scenario answers */
async function playedIn(
  slug: string,
  reacts: (attempt: Attempt) => ReturnType<World> | undefined,
  said: Saying = {},
  acts: People = () => [],
) {
  const { setting } = readScenario(slug, slug);
  const world: World = attempt => reacts(attempt) ?? setting.world(attempt);
  const answered = new Set<string>();
  const people: People = (report, at) => [
    ...setting.people(report, at),
    ...acts(report, at),
    ...report.questions.flatMap(({ id, title }) => {
      const choice = answered.has(id) ? undefined : said[title];
      answered.add(id);
      return choice === undefined ? [] : [{ signal: 'decide', args: [{ question: id, choice, by: 'ann' }], after: 2 * minute }];
    }),
  ];
  const { incidents: rehearsed } = await rehearseAll(sandbox, { ...setting, world, people, atMost: 8 * 60 * minute });
  const [first] = rehearsed;
  assert.ok(first && rehearsed.length === 1);
  const { report, messages } = effectsOf(first, { platform: await nqba(), onCall: { people: {}, roles: {} } });
  const fired = Date.parse(report.times.fired);
  const tried = (type: string) =>
    messages
      .filter(one => one.type === type)
      .map(({ at, input, ...rest }) => ({ ...rest, after: Date.parse(at) - fired, input }));
  return { report, messages, tried };
}

/** Choices by the title of their question. */
type Saying = Readonly<Record<string, string>>;

const plan = { summary: 'A text.', changes: [], consequences: [], digest: 'of the text' };
const planned = (reason: 'approval' | 'held' | 'observe') => ({
  result: { planned: plan, because: { reason, text: 'People send it.' } },
  takes: 1_000,
});

describe('every incident from P0 to P2', () => {
  for (const { slug, drafts } of incidents) {
    test(`has a draft for the public within the time: ${slug}`, async () => {
      assert.ok(drafts, 'the catalog says what is drafted');
      const { tried } = await played(slug);
      const [page] = tried('setStatusPage');
      const [mail] = tried('tellCustomers');
      assert.ok(page && page.after <= 5 * minute, 'the status page at declaration');
      assert.equal(Reflect.get(Object(page.input), 'component'), drafts.component);
      assert.ok(mail && mail.after <= 30 * minute, 'the first message to customers');
    });
  }

  test('names a component of the platform', () => {
    const { statusPage } = JSON.parse(readFileSync('platform.json', 'utf8'));
    for (const { slug, drafts } of incidents) assert.ok(statusPage.components[drafts?.component ?? ''], slug);
  });
});

test('a runbook of one’s own names its component, and has both drafts unless it says otherwise', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runbooks-'));
  const recovery = { check: 'probe', input: { url: 'api' } };
  const entryWith = (drafts?: object) => {
    writeFileSync(join(folder, 'ours.ts'), '');
    writeFileSync(
      join(folder, 'ours.catalog.json'),
      JSON.stringify({ title: 'Ours', severity: 'P2', owner: 'platform', recovery, drafts }),
    );
    return readOwnRunbooks(folder)[0]?.drafts;
  };
  assert.deepEqual(entryWith({ component: 'shop' }), { component: 'shop', page: true, mail: true });
  assert.deepEqual(entryWith({ component: 'shop', mail: false }), { component: 'shop', page: true, mail: false });
  assert.equal(entryWith(), undefined);
});

describe('a draft', () => {
  const ofOurs = 'Update status page: draft';
  const first = 'Communicate with customers: first message';
  const [end, endByMail] = ['Update status page: end of the draft', 'Communicate resolution: mail'];

  test('that people send is followed by one of the end', async () => {
    const { report } = await played('authentication-failures');
    const states = new Map(report.steps.map(({ title, state }) => [title, state]));
    for (const title of [ofOurs, first, end, endByMail]) assert.equal(states.get(title), 'done', title);
    const at = (title: string) => report.steps.find(one => one.title === title)?.began ?? '';
    assert.ok(at(end) > at('Verify Authentication Restored'), 'once recovery was measured');
  });

  /** A page whose notice stands until its end is approved. */
  function pageThatStands() {
    let stands = false;
    const target = { system: 'status page', kind: 'Status page', name: 'Login' } as const;
    const takeBack = { action: 'setStatusPage', key: 'k', target, words: 'a notice' };
    return ({ type, title, args }: Attempt): ReturnType<World> | undefined => {
      if (type === 'standing')
        return { result: stands ? finding('faulty', { standing: ['k'] }) : finding('healthy', { standing: [] }), takes: 1_000 };
      if (type !== 'setStatusPage') return undefined;
      if (title === end && callOf(args).approved === undefined) return planned('approval');
      stands = title === ofOurs;
      return { result: done(aReceipt({ takeBack: stands ? takeBack : undefined })), takes: 1_000 };
    };
  }

  test('whose end people publish in time is not asked about as a change that stands; later it is', async () => {
    const stillStands = 'Changes of this incident still stand';
    const { report } = await playedIn('authentication-failures', pageThatStands(), { [end]: 'approve' });
    assert.equal(report.outcome, 'recovered');
    assert.ok(!report.questions.some(({ title }) => title === stillStands));
    const late = await playedIn('authentication-failures', pageThatStands());
    const asked = (title: string) => Date.parse(late.report.questions.find(one => one.title === title)?.asked ?? '');
    assert.notEqual(late.report.state, 'closed');
    assert.ok(asked(stillStands) - asked(end) >= 5 * minute, 'with the next check of its recovery');
  });

  test('that no one sends is withdrawn at the end, and holds nothing up', async () => {
    const { report } = await played('authentication-failures', planned('approval'));
    assert.equal(report.outcome, 'recovered');
    const asked = report.questions.filter(({ title }) => title === ofOurs || title === first);
    assert.deepEqual(
      asked.map(({ kind, withdrawn, blocking }) => [kind, withdrawn, blocking]),
      asked.map(() => ['plan', 'the runbook has come to its end', false]),
    );
    assert.equal(asked.length, 2);
    assert.ok(!report.steps.some(({ title }) => title === end || title === endByMail), 'no one heard of its beginning');
  });

  const byHand = { result: { byHand: { system: 'mail', paste: 'A text.' } }, takes: 1_000 };
  /** The answer to the runbook's own last mail. */
  const ownLast = (title: string, reaction: ReturnType<World>) => (attempt: Attempt) =>
    attempt.type === 'tellCustomers' && attempt.title === title ? reaction : undefined;

  test('that people sent by hand has one last mail, which they send by hand too', async () => {
    const { report } = await playedIn('quantum-job-failures', ownLast('Customer Communication', byHand));
    const mails = report.steps.filter(({ action }) => action?.type === 'tellCustomers');
    assert.deepEqual(
      mails.map(({ title, state }) => [title, state]),
      [first, 'Customer Communication'].map(title => [title, 'by hand']),
    );
  });

  for (const slug of ['delayed-jobs', 'billing-drift'])
    test(`by mail has its end though the runbook's own mail is by hand: ${slug}`, async () => {
      const { report } = await playedIn(slug, ownLast('Customer Communication', byHand));
      assert.equal(report.steps.findLast(({ title }) => title === 'Customer Communication')?.state, 'by hand');
      assert.ok(report.steps.some(({ title }) => title === endByMail));
    });

  test('by mail has its end for all where the runbook’s own mail goes to customers of a list alone', async () => {
    const { report } = await playedIn('delayed-jobs', ownLast('Customer Communication', planned('approval')));
    assert.equal(report.steps.findLast(({ title }) => title === 'Customer Communication')?.state, 'waiting');
    assert.ok(report.steps.some(({ title }) => title === endByMail));
  });

  test('by mail has no second end where the runbook’s own mail waits for people: it is not superseded', async () => {
    const { report } = await playedIn('dynex-outage', ownLast('Customer Communication', planned('approval')));
    assert.equal(report.steps.findLast(({ title }) => title === 'Customer Communication')?.state, 'waiting');
    assert.ok(!report.steps.some(({ title }) => title === endByMail));
  });

  test('knows the texts that say that it is over', () => {
    const over = textNames.filter(name => claimOf(name).startsWith('recovery'));
    assert.deepEqual(new Set(lastTexts), new Set(over));
  });

  describe('of an incident that people finish by hand', () => {
    const throws = (publicly?: ReturnType<World>) => (attempt: Attempt) => {
      if (attempt.title === 'Analyze Failure Patterns: settings') return { result: null, takes: 1_000 };
      return publicly && isPublic(attempt.type) ? publicly : undefined;
    };
    const finished = { 'Runbook error': 'finish by hand' };

    test('is withdrawn where no one has sent it, and the incident closes', async () => {
      const { report } = await playedIn('authentication-failures', throws(planned('approval')), finished);
      assert.equal(report.outcome, 'recovered');
      for (const title of [ofOurs, first])
        assert.equal(report.steps.findLast(one => one.title === title)?.state, 'withdrawn', title);
    });

    test('has an end where it was sent', async () => {
      const { report } = await playedIn('authentication-failures', throws(), finished);
      assert.equal(report.outcome, 'recovered');
      for (const title of [end, endByMail]) assert.equal(report.steps.findLast(one => one.title === title)?.state, 'done', title);
    });
  });

  test('by mail that went out before people cancelled is a follow-up: whoever had it is told how it ended', async () => {
    let isCancelled = false;
    const cancels: People = ({ steps }) => {
      const isSent = steps.some(({ title, state }) => title === first && state === 'done');
      if (isCancelled || !isSent) return [];
      isCancelled = true;
      return [{ signal: 'cancel', args: [{ by: 'bob', reason: 'a drill' }], after: minute }];
    };
    const { report } = await playedIn('authentication-failures', () => undefined, { 'Undo or leave?': 'leave' }, cancels);
    assert.match(report.outcome ?? '', /^cancelled by bob/);
    assert.deepEqual(
      report.followUps.filter(({ title }) => title === endByMail).map(({ owner }) => owner),
      ['customer-success'],
    );
  });

  for (const reason of ['held', 'observe'] as const)
    test(`goes nowhere where the incident is ${reason === 'held' ? 'held' : 'only observed'}`, async () => {
      const { messages } = await played('authentication-failures', planned(reason));
      const ofThePublic = messages.filter(({ type }) => isPublic(type));
      assert.ok(ofThePublic.length >= 2);
      for (const message of ofThePublic) assert.ok(!('done' in message), message.title);
    });
});
