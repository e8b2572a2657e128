// A Temporal reset to before a decision: people are asked again, and nothing is done twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { settledStep } from '../../lab/guide/following.ts';
import { Platform } from '../support/practice.ts';
import { resetTo, temporal } from '../support/temporal-cli.ts';

let platform: Platform;
before(async () => {
  platform = await Platform.start();
});
after(() => platform?.stop());

interface History {
  events: { eventId: string; eventType: string; workflowExecutionSignaledEventAttributes?: { signalName: string } }[];
}

test('after a reset to before the decision people are asked again, and the breaker, the page and the post are not repeated', async () => {
  const since = new Date();
  await platform.set('dynex', 'down');
  const incident = await platform.open(since);
  const cause = await incident.asked('What is the cause?');
  await incident.until('the second public text', report => settledStep(report, 'Update Status Page: measured'));
  const { workflowId } = await incident.incident();
  await temporal(
    platform.environment,
    'signal',
    '-w',
    workflowId,
    '--name',
    'decide',
    '--input',
    JSON.stringify({ question: cause.id, choice: 'Dynex Platform Issue', by: 'ann' }),
  );
  await incident.until('the branch', ({ steps }) => steps.find(({ title }) => title === 'Monitor Dynex status page'));
  const history: History = JSON.parse(await temporal(platform.environment, 'show', '-w', workflowId, '-o', 'json'));
  const signalled = history.events.findIndex(event => event.workflowExecutionSignaledEventAttributes?.signalName === 'decide');
  const completed = history.events
    .slice(0, signalled)
    .findLast(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED');
  await resetTo(platform.environment, workflowId, completed?.eventId ?? '');
  const again = await incident.asked('What is the cause?');
  assert.equal(again.answer, undefined);
  const report = await platform.seeThrough(incident, since);
  assert.equal(report.outcome, 'recovered');
  const writes = await platform.writes(since);
  assert.equal(writes.filter(({ resource }) => resource === 'deployments').length, 2);
  const messages = platform.messages(since);
  assert.equal(messages.filter(({ system, text }) => system === 'pagerduty' && text.startsWith('triggered')).length, 1);
  assert.equal(messages.filter(({ system, text }) => system === 'slack' && text.startsWith('P1 ')).length, 1);
  assert.equal(messages.filter(({ system, text }) => system === 'statuspage' && text.includes('(investigating)')).length, 1);
});
