import { test } from 'node:test';
import { postHostile } from '../support/hostile-intake.ts';

test('ten thousand hostile bodies: none fails, none opens a wrong incident, and no bad alert hides a good one', async () => {
  for (let seed = 1; seed <= 10_000; seed += 1) await postHostile(seed);
});
