/** How much the first provider stores of what it may, how fast that grows, and which pins might go. */

import { z } from 'zod';
import type { Finding } from '../../workflows/contract/finding.ts';
import type { Artifacts } from '../connectors/artifacts.ts';
import type { Deps } from '../deps.ts';
import { freeze } from '../engine/frozen-list.ts';
import { kept } from '../kept.ts';
import type { IpfsStorageFacts } from './facts.ts';
import { oldPins } from './old-pins.ts';
import { primaryOf, sizeText } from './providers.ts';

export interface StorageInput {
  /** Faulty from this part on; 0.9 unless told. */
  max?: number;
  /** The name under which pins that might be removed are frozen. */
  freeze?: string;
}

/** Remembers what it measures for the growth per day, and changes nothing else. @throws SystemError */
export async function checkStorage(deps: Deps, { max = 0.9, freeze: name }: StorageInput): Promise<Finding<IpfsStorageFacts>> {
  const { used, most } = await primaryOf(deps).storage();
  const growthPerDay = await growthOf(deps, used);
  const share = most ? used / most : undefined;
  const facts: Partial<IpfsStorageFacts> = { used, most, share, growthPerDay };
  const finding: Finding<IpfsStorageFacts> = { ...judged(used, most, max), facts };
  const evidence = `${finding.evidence}${growthText(growthPerDay, used, most)}`;
  if (name === undefined) return { ...finding, evidence };
  const old = await oldPins(deps);
  const frozen = await freeze(deps.systems.artifacts, name, old.items);
  return { ...finding, evidence: `${evidence} ${old.text}`, facts: { ...facts, removable: old.items.length }, frozen };
}

function judged(used: number, most: number | undefined, max: number): Finding {
  if (!most) return { verdict: 'unknown', evidence: `${sizeText(used)} are stored; the provider names no limit.` };
  const share = used / most;
  const text = `${sizeText(used)} of ${sizeText(most)} are used (${Math.round(share * 100)}%).`;
  return { verdict: share >= max ? 'faulty' : 'healthy', evidence: text };
}

const sample = z.object({ at: z.number(), used: z.number() });
const place = 'ipfs/storage';
const hour = 3_600_000;
const day = 24 * hour;

/** Against the last sample that is an hour old at least, which is replaced once a day. */
async function growthOf({ systems: { artifacts }, now }: Deps, used: number): Promise<number | undefined> {
  const before = await sampleIn(artifacts);
  const age = before ? now() - before.at : Number.POSITIVE_INFINITY;
  if (age >= day) await artifacts.write(place, JSON.stringify({ at: now(), used }));
  return before && age >= hour ? Math.round(((used - before.used) * day) / age) : undefined;
}

const sampleIn = (artifacts: Artifacts) => kept(artifacts, place, sample);

function growthText(growth: number | undefined, used: number, most: number | undefined): string {
  if (growth === undefined) return ' Its growth is not known yet.';
  if (growth <= 0) return ' It does not grow.';
  const days = most ? `, full in ${Math.max(0, Math.floor((most - used) / growth))} days` : '';
  return ` It grows by ${sizeText(growth)} a day${days}.`;
}
