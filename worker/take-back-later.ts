/** Starts what takes a change back at its time, as a workflow of its own: it outlives whoever made the change. */

import { Context } from '@temporalio/activity';
import type { NativeConnection } from '@temporalio/worker';
import { sha256 } from '../activities/connectors/artifacts.ts';
import type { Deps } from '../activities/index.ts';
import { attributesOf, settable } from '../activities/namespace-attributes.ts';
import type { PlatformTimes, TakeBackStart } from '../workflows/contract/index.ts';

/** Durable once it resolves; one that exists stays as it is. */
export const takeBackLater =
  (platform: PlatformTimes, connection: NativeConnection): NonNullable<Deps['takeBackLater']> =>
  async ({ takeBack, at }) => {
    const { client, info } = Context.current();
    const digest = sha256(takeBack.key);
    const title = titleIn(takeBack.key);
    const name = `take-back-${at.slice(0, 10).replaceAll('-', '')}-${digest.slice(0, 8)}`;
    const workflowId = info.workflowExecution?.workflowId ?? '';
    const attributes = await attributesOf(connection, client.options.namespace).then(settable, () => []);
    await client.workflow.start('takeBack', {
      workflowId: `take-back:${digest}`,
      taskQueue: info.taskQueue,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [
        { version: 1, name, incident: workflowId, workflowId, title, takeBack, at, platform, attributes } satisfies TakeBackStart,
      ],
      staticSummary: `Undo at ${at}: ${title}`,
      memo: { incident: name },
    });
  };

/** Of `incident/phase/title/occurrence`. */
const titleIn = (key: string) => decodeURIComponent(key.split('/').at(-2) ?? key);
