// Every action is held to every law, at each place where something may happen, and to rollouts that are slow or never end.
import { cases } from '../activities/harness/cases/index.ts';
import { heldTo } from '../activities/harness/held-to.ts';
import { laws } from '../activities/harness/laws/index.ts';

heldTo(
  cases.flatMap(of => laws.map(law => [of, law] satisfies [typeof of, typeof law])),
  'every',
);
