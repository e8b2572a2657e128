import { test } from 'node:test';
import { postHostile } from '../../support/hostile-intake.ts';

test('two hundred hostile bodies: none fails, none opens a wrong incident, and no bad alert hides a good one', async () => {
  for (let seed = 1; seed <= 200; seed += 1) await postHostile(seed);
});
