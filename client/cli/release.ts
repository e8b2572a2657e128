import { sha256 } from '../../activities/connectors/artifacts.ts';
import { releasedAt } from '../../workflows/contract/hold.ts';
import type { Listed } from '../incident.ts';
import { NotFound } from '../errors.ts';
import { reported } from '../reported.ts';
import { configMapOf, kubectl, makeHold, patchHold, readHold } from './cluster.ts';
import type { Desk, Format, Register } from './desk.ts';
import { as, output } from './desk.ts';
import { context, destination, onCluster } from './destination.ts';
import { duration } from './durations.ts';
import { type HeldUndo, heldUndos, releaseUndos, signalled } from './held-undos.ts';
import { armed, holdKey } from './hold.ts';
import { outputs } from './outputs.ts';
import { standingNow, standingSection } from './standing-changes.ts';
import { line } from './text.ts';

const examples = `
Examples:
  runbooks release --all
  runbooks release dynex-outage-20261124-k7fp

A rollback whose time came while it was held runs first; release waits until each has ended or asks.
Every held action is planned again; its approval is asked for again if it needs one.
A hold that ends in another way, by kubectl or by whatever deploys its ConfigMap, is told as vanished.
A ConfigMap that was deleted comes back with every runbook in observe: runbooks arm <runbook> --mode supervised.`;

interface Options {
  all?: true;
  wait: string;
  as: string;
  context?: string;
  output: Format;
}

export const release: Register = (program, desk) =>
  program
    .command('release [incident]')
    .description('end a hold, of one incident or of all')
    .option('-a, --all', 'the hold of everything')
    .option('--wait <duration>', 'for rollbacks that are past their time', '1m')
    .addOption(context())
    .addOption(as())
    .addOption(output())
    .addHelpText('after', examples)
    .action(async (text: string | undefined, { all, wait, as: by, context, output: format }: Options) => {
      desk.context = context;
      const within = duration(wait);
      const key = await holdKey(desk, text, all);
      const data = { [key]: null };
      const cluster = await destination(desk, `runbooks release ${text ?? '--all'}`);
      const { wasHeld, wasGone } = await stateBefore(desk, key);
      const annotations = wasHeld ? { [releasedAt]: new Date(desk.now()).toISOString() } : none;
      const left = await patchHold(desk, { data, annotations }).catch((error: unknown) => madeAgain(desk, annotations, error));
      const { undone, signalled } = await goOn(desk, text, { by, within });
      const standing = await standingNow(desk);
      const configMap = configMapOf(desk);
      const value = {
        cluster,
        configMap,
        changed: data,
        inForce: true,
        kubectl: kubectl(desk, data),
        undone,
        signalled,
        standing,
      };
      desk.show(format, outputs.release, value, () => [
        left['hold']
          ? line`Everything is still held: ${left['hold']}. See: runbooks release --all`
          : line`${released(text, wasHeld)}`,
        onCluster(cluster),
        ...(wasGone ? [line`${configMap} was missing and was made again: this disarmed every runbook.`] : []),
        armed(left),
        ...undone.map(undoLine),
        ...signalled.map(name => line`${name} was told: what it holds is planned again.`),
        ...standingSection('Changes of open incidents that stand', standing, desk.now()),
      ]);
    });

const none: Record<string, string> = {};

const undoLine = ({ incident, result, because }: HeldUndo) =>
  line`${incident} was past its time while it was held: ${result}: ${because}`;

interface Order {
  by: string;
  /** Milliseconds to wait for rollbacks. */
  within: number;
}

interface Released {
  undone: HeldUndo[];
  /** Incidents that plan their held actions again. */
  signalled: string[];
}

/** First what is past its time, then the incidents that are still open. */
async function goOn(desk: Desk, text: string | undefined, { by, within }: Order): Promise<Released> {
  try {
    const isConcerned = await concernedBy(desk, text);
    const late = await heldUndos(desk, (await desk.temporal.list()).filter(isConcerned));
    const undone = await releaseUndos(desk, late, { by, within });
    const others = (await desk.temporal.list())
      .filter(isConcerned)
      .filter(({ workflowId }) => !late.some(undo => undo.workflowId === workflowId));
    const reached = await Promise.all(others.map(async one => ((await signalled(desk, one, by)) ? [one.name] : [])));
    return { undone, signalled: reached.flat() };
  } catch (error) {
    desk.note(
      line`Released: ${text ?? 'everything'}. Incidents with held actions were not notified: release again when Temporal answers.`,
    );
    throw error;
  }
}

/** Incidents and rollbacks under the hold; of one incident its own rollbacks too. */
async function concernedBy(desk: Desk, text: string | undefined): Promise<(one: Listed) => boolean> {
  if (text === undefined) return () => true;
  const incident = await desk.temporal.find(text);
  const { report } = await reported(desk.temporal, incident);
  const keys = report?.steps.flatMap(({ takeBack }) => (takeBack ? [takeBack.key] : [])) ?? [];
  const ids = [incident.workflowId, ...keys.map(key => `take-back:${sha256(key)}`)];
  return ({ workflowId }) => ids.includes(workflowId);
}

const released = (text: string | undefined, wasHeld: boolean) =>
  wasHeld ? `Released: ${text ?? 'everything'}.` : `${text ?? 'Everything together'} was not held: nothing was released.`;

/** A ConfigMap that is missing holds everything. */
const stateBefore = (desk: Desk, key: string) =>
  readHold(desk).then(
    data => ({ wasHeld: data[key] !== undefined, wasGone: false }),
    (error: unknown) => (error instanceof NotFound ? { wasHeld: true, wasGone: true } : Promise.reject(error)),
  );

/** A ConfigMap that was deleted comes back, and every runbook observes until it is armed again. */
function madeAgain(desk: Desk, annotations: Record<string, string>, error: unknown): Promise<Record<string, string>> {
  if (!(error instanceof NotFound)) throw error;
  return makeHold(desk, annotations);
}
