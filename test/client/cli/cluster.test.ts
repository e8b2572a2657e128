import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordsOn } from '../../../client/cli/cluster.ts';
import { Desk } from '../../../client/cli/desk.ts';
import { Failed } from '../../../client/errors.ts';

const desk = new Desk({ environment: { KUBECONFIG: '/none' }, practice: false });

test('an object of a kind that is not known here fails, and does not count as one without records', async () => {
  const target = { system: 'kubernetes', kind: 'Moon', namespace: 'sky', name: 'full' } as const;
  await assert.rejects(recordsOn(desk, target), new Failed('Kubernetes has Moon full, of a kind not known here.'));
});
