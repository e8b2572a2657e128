/** Cases held to laws, as tests: one for each law and case. */

import test, { after, before } from 'node:test';
import { type Stage, stage } from '../stage.ts';
import { type Case, titleOf } from './case.ts';
import { cases } from './cases/index.ts';
import { laws } from './laws/index.ts';
import type { Extent, Law } from './laws/law.ts';
import type { Theatre } from './scene.ts';

/** Nothing where the law is not about that kind of action. */
export function holding(theatre: () => Theatre, of: Case, law: Law, extent: Extent): (() => Promise<void>) | undefined {
  if (of.is === 'setting' && law.of === 'setting') return () => law.hold(theatre(), of, extent);
  if (of.is === 'list' && law.of === 'list') return () => law.hold(theatre(), of, extent);
  return undefined;
}

/** Registers a stage and a test for each pair. */
export function heldTo(pairs: [Case, Law][], extent: Extent): void {
  let on: Stage;
  before(async () => {
    on = await stage();
  });
  after(() => on.stop());
  for (const [of, law] of pairs) {
    const hold = holding(() => ({ on }), of, law, extent);
    if (hold) test(`${titleOf(of)}, law ${law.number}: ${law.title}`, hold);
  }
}

/** Held to laws 1 to 3; the first of each system, and of lists, to all but the slow ones. */
export const heldByTest = (some: Case[]): void =>
  heldTo(
    some.flatMap(of => laws.filter(law => isTested(law, of)).map((law): [Case, Law] => [of, law])),
    'first',
  );

const isTested = ({ number }: Law, of: Case) => number <= 3 || (number <= 10 && isFirstOfItsKind(of));

/** What is kept outside the cluster is kept the same way, whichever system it is. */
const isFirstOfItsKind = (of: Case) =>
  !['api', 'silences', 'rds'].includes(of.to) && cases.find(({ to, is }) => to === of.to && is === of.is) === of;

/** Held to what `npm test` leaves out: each law at each place where something may happen, and the slow ones. */
export const heldByVerify = (some: Case[]): void =>
  heldTo(
    some.flatMap(of => laws.filter(({ number }) => number > 3).map((law): [Case, Law] => [of, law])),
    'every',
  );
