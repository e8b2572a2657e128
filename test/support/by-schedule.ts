/** Operations that Temporal's Schedules start, as people apply and trigger them. */

import assert from 'node:assert/strict';
import { Following } from '../../lab/guide/following.ts';
import { eventually } from './eventually.ts';
import type { Platform } from './practice.ts';

/** The run that its schedule has started: the server appends the time to its name. */
export async function triggered(platform: Platform, operation: string): Promise<Following> {
  const isScheduled = (name: string) => name.startsWith(`${operation}-`) && /T\d\d:\d\d:\d\dZ$/.test(name);
  const scheduled = async () => (await platform.temporal.list({ all: true })).map(({ name }) => name).filter(isScheduled);
  const before = await scheduled();
  for (const command of [['apply'], ['trigger', operation]]) {
    const { code, stderr } = await platform.cli('schedules', ...command);
    assert.equal(code, 0, `schedules ${command.join(' ')}: ${stderr}`);
  }
  const name = await eventually(async () => {
    const [newest] = (await scheduled()).filter(one => !before.includes(one));
    return newest ?? assert.fail(`the schedule of ${operation} has started nothing`);
  });
  return new Following(platform.temporal, name);
}
