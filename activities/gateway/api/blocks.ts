/**
 * Blocks of the platform's own API as a target of the engine. Its one field of an incident are the entries that the incident added, so
 * that those of others stay what they are; a record says only how many, and the list lies in the artifact store.
 */

import { z } from 'zod';
import type { Target } from '../../../workflows/contract/action.ts';
import type { Artifacts } from '../../connectors/artifacts.ts';
import { jsonOf } from '../../connectors/http.ts';
import type { Block, LimitsInForce } from '../../connectors/operator-api/limits.ts';
import { holdersIn } from '../../engine/holders.ts';
import { storedRecords } from '../../engine/stored-records.ts';
import type { Snapshot, TargetSystem } from '../../engine/target.ts';
import type { Write } from '../../engine/write.ts';
import { stopped } from '../../failures.ts';
import type { Edge } from '../edge.ts';
import { joined, keepSources, listed, nameOfSources, shortOf } from '../sources.ts';
import { type Proved, withRecords } from './proved.ts';

export const blocksTarget: Target = { system: 'NQBA API', kind: 'Blocks', name: 'sources' };

/** So many the API takes. */
const mostBlocks = 1000;
const beginning = 'sources of incident ';
export const blocksField = (incident: string) => `${beginning}${incident}`;

/** The entries of an incident are known by their reason. */
const reasonOf = (incident: string) => `nqba-runbooks: incident ${incident}`;
const isOf = (incident: string) => (block: Block) => block.reason === reasonOf(incident);

const sourcesOf = (incident: string, blocks: Block[]): string[] => blocks.filter(isOf(incident)).map(({ cidr }) => cidr);

const saltName = 'sources/salt';

/** Known to the artifact store alone: without it a digest would tell a single address. @throws SystemError */
export async function saltOf(artifacts: Artifacts): Promise<string> {
  const kept = await artifacts.read(saltName);
  if (kept !== undefined) return kept;
  await artifacts.write(saltName, crypto.randomUUID());
  return (await artifacts.read(saltName)) ?? '';
}

interface Around {
  limits: LimitsInForce;
  artifacts: Artifacts;
}

export const blocksOf = ({ limits, artifacts }: Around): TargetSystem => ({
  async read(target): Promise<Snapshot> {
    const [{ version, blocks }, records] = await Promise.all([limits.blocks(), storedRecords(artifacts, target)]);
    const salt = await saltOf(artifacts);
    const value = (field: string) => {
      const incident = incidentIn(field);
      const own = incident === undefined ? [] : sourcesOf(incident, blocks);
      return own.length === 0 ? null : shortOf(joined(own), salt);
    };
    return { target, uid: target.name, version, value, records, holders: holdersIn(records), recordsWithWrites: false };
  },
  async write(write, seen) {
    const proved =
      write.edits.length > 0 ? listOf(await wantedBy(write, (await limits.blocks()).blocks, artifacts), seen, limits) : undefined;
    await withRecords(artifacts, write, seen, proved);
  },
});

const listOf = (wanted: Block[], { version = '' }: Snapshot, limits: LimitsInForce): Proved => ({
  change: () => limits.setBlocks(wanted, version),
  isThere: async () => isSame((await limits.blocks()).blocks, wanted),
});

/** The sources that an incident has blocked there, and those that it would have with more. @throws SystemError */
export async function blocksWith(
  sources: string[],
  incident: string,
  now: Snapshot,
  { limits, artifacts }: Around,
): Promise<Edge> {
  const own = sourcesOf(incident, (await limits.blocks()).blocks);
  if (sources.every(cidr => own.includes(cidr))) return { now, wanted: now.value(blocksField(incident)) };
  const [text, salt] = [joined([...own, ...sources]), await saltOf(artifacts)];
  await keepSources(artifacts, text, salt);
  return { now, wanted: shortOf(text, salt) };
}

const incidentIn = (field: string) => (field.startsWith(beginning) ? field.slice(beginning.length) : undefined);

const entriesOf = (blocks: Block[]) =>
  blocks
    .map(({ cidr, reason }) => `${cidr} ${reason}`)
    .toSorted()
    .join();
const isSame = (some: Block[], others: Block[]) => entriesOf(some) === entriesOf(others);

/** The list with the entries of each incident as the write says. An entry that was there keeps its end. */
async function wantedBy(write: Write, blocks: Block[], artifacts: Artifacts): Promise<Block[]> {
  let wanted = blocks;
  for (const { field, after } of write.edits) {
    const incident = incidentIn(field);
    if (incident === undefined) continue;
    const own = wanted.filter(isOf(incident));
    const cidrs = after === null ? [] : await keptList(artifacts, after);
    const added = cidrs.map(cidr => own.find(one => one.cidr === cidr) ?? entry(cidr, { until: endIn(write, field), incident }));
    wanted = [...wanted.filter(block => !isOf(incident)(block)), ...added];
  }
  if (wanted.length > mostBlocks) throw stopped('Refused', full(blocks.length));
  return wanted;
}

const full = (count: number) =>
  `The API of the platform blocks ${count} sources already, and takes ${mostBlocks}. Nothing was changed: remove what is no longer needed (PUT /v1/blocks), then retry.`;

const entry = (cidr: string, { until, incident }: { until: string; incident: string }): Block => ({
  cidr,
  how: 'block',
  until,
  reason: reasonOf(incident),
});

/** When what is added ends, as the record says. */
export function endIn({ records }: Write, field: string): string {
  const holders = Object.entries(records).flatMap(([name, record]) => (record === null ? [] : holdersIn({ [name]: record })));
  const [until] = holders.flatMap(one => (field in one.before ? (one.until ?? []) : []));
  if (until === undefined) throw stopped('BadInput', 'A change at the API that is to end has no end: correct the step.');
  return until;
}

const whole = z.object({ text: z.string() });

async function keptList(artifacts: Artifacts, short: string): Promise<string[]> {
  const kept = whole.safeParse(jsonOf((await artifacts.read(nameOfSources(short))) ?? ''));
  if (kept.success) return listed(kept.data.text);
  throw stopped('NotFound', `The artifact store no longer has the list of ${short}: block by hand (PUT /v1/blocks).`);
}
