/** The versions of the worker, where it belongs to a Worker Deployment: which opens incidents, and is each that has open ones still there? */

import type { WorkerDeploymentVersion } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import { fault, fine, type Line, warning } from './line.ts';

const check = 'Worker version';
const { WorkerDeploymentVersionStatus: status, TaskQueueType: queues } = proto.temporal.api.enums.v1;
/** Of gRPC. */
const notFound = 5;

export interface Versioned {
  namespace: string;
  taskQueue: string;
  version: WorkerDeploymentVersion;
}

export const settingCurrent = ({ namespace, version: { deploymentName, buildId } }: Omit<Versioned, 'taskQueue'>) =>
  `temporal worker deployment set-current-version --namespace ${namespace} --deployment-name ${deploymentName} --build-id ${buildId}`;

/** One line says so where they cannot be read. */
export const versionLines = (connection: NativeConnection, versioned: Versioned): Promise<Line[]> =>
  linesOf(connection, versioned).catch((error: unknown) => [
    fault(
      check,
      `not checked: ${error instanceof Error ? error.message : String(error)}.`,
      'Worker versions need Temporal 1.29.1 or later, and permission to read the namespace.',
    ),
  ]);

async function linesOf(connection: NativeConnection, versioned: Versioned): Promise<Line[]> {
  const { namespace, version } = versioned;
  const { deploymentName } = version;
  const described = await connection.workflowService.describeWorkerDeployment({ namespace, deploymentName }).catch(unlessUnknown);
  const { routingConfig, versionSummaries } = described?.workerDeploymentInfo ?? {};
  if (!described)
    return [
      fault(
        check,
        `Temporal knows no Worker Deployment ${deploymentName}.`,
        `Start its worker, then: ${settingCurrent(versioned)}`,
      ),
    ];
  const current = routingConfig?.currentDeploymentVersion?.buildId ?? undefined;
  const draining = (versionSummaries ?? [])
    .filter(one => one.status === status.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING)
    .map(({ deploymentVersion }) => deploymentVersion?.buildId ?? '');
  const working = await workingVersions(connection, versioned);
  const opening = openingLine(current, versioned);
  const waiting = current === undefined ? [] : [current].filter(one => !working.has(one)).map(one => lacking(one, versioned));
  return [opening, ...waiting, ...draining.map(one => (working.has(one) ? keeping(one) : lacking(one, versioned)))];
}

function openingLine(current: string | undefined, versioned: Versioned): Line {
  const { deploymentName, buildId } = versioned.version;
  const setting = settingCurrent(versioned);
  if (current === undefined)
    return fault(check, `${deploymentName} has no current version, so new and open incidents wait.`, setting);
  if (current === buildId) return fine(check, `new incidents start on ${deploymentName} ${buildId}.`);
  return warning(
    check,
    `new incidents start on ${deploymentName} ${current}, not on ${buildId}, which is here. To change that: ${setting}`,
  );
}

const keeping = (buildId: string) =>
  fine(check, `${buildId} may still have open incidents: its worker is kept until it is drained.`);

const lacking = (buildId: string, { version: { deploymentName } }: Versioned) =>
  fault(
    check,
    `no worker of ${deploymentName} ${buildId} asks for work: its incidents wait.`,
    `Start one with WORKER_BUILD_ID=${buildId}, or move each: docs/worker-versions.md says how.`,
  );

/** Those that have asked for work in the last minutes. */
async function workingVersions(
  connection: NativeConnection,
  { namespace, taskQueue, version: { deploymentName } }: Versioned,
): Promise<Set<string>> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: queues.TASK_QUEUE_TYPE_WORKFLOW,
  });
  const ours = (pollers ?? []).filter(({ deploymentOptions }) => deploymentOptions?.deploymentName === deploymentName);
  return new Set(ours.map(({ deploymentOptions }) => deploymentOptions?.buildId ?? ''));
}

function unlessUnknown(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === notFound) return undefined;
  throw error;
}
