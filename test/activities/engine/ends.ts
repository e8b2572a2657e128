/** A change that ends by itself and is tried again: its end is that of its record, and once that is past it is planned again. */

import assert from 'node:assert/strict';
import test, { afterEach, before, describe } from 'node:test';
import { connectAll } from '../../../activities/connectors/index.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createActivities } from '../../../activities/index.ts';
import { momentOf } from '../../../activities/kubernetes/when.ts';
import { answering, isWrite } from '../harness/between.ts';
import { done } from '../outcomes.ts';
import { sharedStage } from '../shared-stage.ts';
import { at, clock, type Stage } from '../stage.ts';

export const endsSuite = () =>
  void describe('ends', () => {
    let on: Stage;
    before(async () => {
      on = await sharedStage();
    });
    afterEach(() => on.reset());

    const key = 'run-1/Immediate Response/Scale Workers/1';
    const hour = 3_600_000;
    const inHours = (hours: number) => new Date(Date.now() + hours * hour).toISOString();

    type Order = Parameters<NonNullable<Deps['takeBackLater']>>[0];

    /** Its first write is answered by 503, so that its draft is saved and nothing is written. */
    async function begun() {
      const folder = crypto.randomUUID();
      const orders: Order[] = [];
      const takeBackLater = async (order: Order) => void orders.push(order);
      const product = { connectAll, createActivities: (deps: Deps) => createActivities({ ...deps, takeBackLater }) };
      const busy = answering(isWrite, () => Response.json({ kind: 'Status', message: 'etcd leader changed' }, { status: 503 }));
      const raise = (until: string, options: Parameters<Stage['worker']>[0] = {}) =>
        on
          .worker({ folder, product, ...options })
          .kubernetes.raiseFloor({ workload: 'worker', atLeast: 'twice' }, { key, until });
      const first = inHours(4);
      await assert.rejects(raise(first, { between: busy }), { type: 'Unreachable' });
      return { raise, orders, first };
    }

    const ends = (orders: Order[]) => orders.map(order => order.at);
    const recorded = async () => JSON.stringify((await on.you.get(at.floor)).metadata.annotations);

    test('tried again before its end it ends when its record says, whatever time the new try counts', async () => {
      const { raise, orders, first } = await begun();
      const { note } = done(await raise(inHours(5)));
      assert.deepEqual(ends(orders), [first, first], 'ordered again, as the first order may be gone');
      assert.ok(note.endsWith(`At ${momentOf(first, Date.now())} it is undone automatically.`), note);
      assert.ok((await recorded()).includes(first));
    });

    test('tried again after its end it is planned again, with an end that is ordered', async () => {
      const { raise, orders, first } = await begun();
      const later = { ...clock, now: () => Date.now() + 5 * hour };
      const second = inHours(9);
      const { note } = done(await raise(second, { clock: later }));
      assert.deepEqual(ends(orders), [first, second]);
      assert.ok(note.endsWith(`At ${momentOf(second, later.now())} it is undone automatically.`), note);
      assert.ok((await recorded()).includes(second));
    });
  });
