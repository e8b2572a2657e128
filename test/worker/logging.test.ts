import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPayloadConverter } from '@temporalio/common';
import { Sandbox } from '../../worker/rehearsal/sandbox.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import type { LogLine } from '../../activities/log.ts';
import { aboutEach, sdkLogger } from '../../worker/logging.ts';
import { aboutHeader } from '../../workflows/contract/log-header.ts';
import { aStart } from '../support/building.ts';

test('a workflow tells each activity of which incident and step it is, so that the log can name them', async () => {
  const { code } = await workflowBundle();
  const sandbox = await Sandbox.load(code, []);
  const init = { type: 'dynexOutage', workflowId: 'incident:dynex-outage:one', runId: 'r', args: [aStart()], at: Date.now() };
  const execution = await sandbox.open(init);
  const commands = await execution.activate(init.at, [execution.starting()]);
  const headers = commands.flatMap(({ scheduleActivity }) => scheduleActivity?.headers ?? []);
  const told = headers.flatMap(one => Object.values(one).map(payload => defaultPayloadConverter.fromPayload(payload)));
  assert.ok(told.length > 0);
  for (const one of told) assert.equal(Reflect.get(Object(one), 'incident'), 'dynex-outage-20261124-k7fp');
  assert.deepEqual(
    told.map(one => Reflect.get(Object(one), 'step')),
    commands.flatMap(({ scheduleActivity, userMetadata }) =>
      scheduleActivity && userMetadata?.summary ? [defaultPayloadConverter.fromPayload(userMetadata.summary)] : [],
    ),
  );
  await execution.dispose();
});

test('a line of the SDK names incident and step, and nothing else of what it knows', () => {
  const lines: LogLine[] = [];
  sdkLogger(line => lines.push(line)).warn('Activity failed', {
    incident: 'dynex-outage-20261124-k7fp',
    step: 'Notify Team',
    taskToken: 'opaque',
    namespace: 'default',
  });
  assert.deepEqual(
    lines.map(({ level, message, fields }) => ({ level, message, fields })),
    [{ level: 'WARN', message: 'Activity failed', fields: { incident: 'dynex-outage-20261124-k7fp', step: 'Notify Team' } }],
  );
});

test('each line of an activity has what its workflow says, and a header of a stranger is none', async () => {
  const said = { incident: 'dynex-outage-20261124-k7fp', step: 'Notify Team' };
  const linesAfter = async (about: unknown) => {
    const { inbound, outbound } = aboutEach();
    const headers = { [aboutHeader]: defaultPayloadConverter.toPayload(about) };
    await inbound.execute({ args: [], headers }, async () => undefined);
    return outbound.getLogAttributes({ attempt: 1 }, attributes => attributes);
  };
  assert.deepEqual(await linesAfter(said), { attempt: 1, ...said });
  assert.deepEqual(await linesAfter({ step: 7 }), { attempt: 1 });
});
