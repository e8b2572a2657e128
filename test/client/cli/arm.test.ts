import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk } from '../../../client/cli/desk.ts';
import { run } from '../../../client/cli/program.ts';
import { addRunbooks, runbook } from '../../../workflows/catalog/index.ts';

const nowhere = { KUBECONFIG: '/nonexistent' };

async function armed(slug: string) {
  const desk = new Desk({ environment: nowhere, practice: false });
  const [said, noted]: [string[], string[]] = [[], []];
  desk.out = lines => said.push(...lines) > 0;
  desk.note = text => noted.push(text) > 0;
  const code = await run(['arm', slug, '--mode', 'supervised', '--reason', 'a drill'], desk);
  return { code, said, noted };
}

test('a runbook that is not written is not armed, and does not act from now on', async () => {
  const { workflow: _, ...row } = runbook('dynex-outage');
  addRunbooks([{ ...row, slug: 'planned', title: 'Planned', incident: 'planned', alerts: [] }]);
  const { code, said, noted } = await armed('planned');
  assert.deepEqual([code, said], [2, []]);
  assert.match(noted.join('\n'), /Planned \(planned\) is not written as a workflow yet; .* Nothing was armed\.$/);
});

test('one that the catalog does not have is not found', async () => {
  const { code, said, noted } = await armed('nope');
  assert.deepEqual([code, said], [3, []]);
  assert.match(noted.join('\n'), /no runbook "nope"\. It has .*dynex-outage/);
});
