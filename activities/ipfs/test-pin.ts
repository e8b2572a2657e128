/** New content, pinned, read through two gateways, compared and unpinned: the one proof that pinning works. */

import { randomBytes } from 'node:crypto';
import type { Finding } from '../../workflows/contract/finding.ts';
import { SystemError } from '../connectors/system-error.ts';
import type { Deps } from '../deps.ts';
import { ipfsOf } from '../platform.ts';
import type { TestPinFacts } from './facts.ts';
import { backupOf, primaryOf } from './providers.ts';

export interface TestPinInput {
  target: 'primary' | 'backup';
}

/** 1 KiB of text: nobody has it, so it is served by whoever pinned it. */
const newContent = () => randomBytes(768).toString('base64');

/** It unpins its own pins, whatever happens; beside that it reads only. @throws SystemError */
export const checkTestPin = (deps: Deps, { target }: TestPinInput): Promise<Finding<TestPinFacts>> =>
  target === 'primary' ? ofPrimary(deps) : ofBackup(deps);

async function ofPrimary(deps: Deps): Promise<Finding<TestPinFacts>> {
  const kubo = primaryOf(deps);
  const content = newContent();
  const added = await kubo.add(content).catch(failed);
  if (typeof added !== 'string') return { verdict: 'faulty', evidence: `A test pin failed: ${added.message}.` };
  try {
    return await readBack(deps, added, content);
  } finally {
    await kubo.unpin(added).catch(failed);
  }
}

function failed(error: unknown): SystemError {
  if (error instanceof SystemError) return error;
  throw error;
}

async function readBack(deps: Deps, cid: string, content: string): Promise<Finding<TestPinFacts>> {
  const { gateways } = ipfsOf(deps.platform);
  if (gateways.length === 0) {
    const same = (await primaryOf(deps).cat(cid)) === content;
    const evidence = `A test pin was read back at the provider itself${same ? '' : ', and is another'}; no gateway is described (ipfs.gateways).`;
    return { verdict: same ? 'healthy' : 'faulty', evidence, facts: { gateways: 0 } };
  }
  const asked = gateways.slice(0, 2);
  const read = await Promise.all(asked.map(gateway => primaryOf(deps).through(gateway, cid).catch(failed)));
  const same = read.filter(one => one === content).length;
  const said = read.map((one, index) => `${asked[index]} ${saidBy(one, content)}`);
  const evidence = `A test pin of 1 KiB was read through ${asked.length} gateways: ${said.join(', ')}.`;
  return { verdict: same === asked.length ? 'healthy' : 'faulty', evidence, facts: { gateways: same } };
}

function saidBy(read: string | SystemError | undefined, content: string): string {
  if (read instanceof SystemError) return `failed (${read.message})`;
  if (read === undefined) return 'does not find it';
  return read === content ? 'gives the same back' : 'gives something else';
}

/** The second provider fetches what it pins from the first: it is asked for content that lies there. */
async function ofBackup(deps: Deps): Promise<Finding<TestPinFacts>> {
  const [kubo, backup] = [primaryOf(deps), backupOf(deps)];
  const cid = await kubo.add(newContent());
  try {
    const pin = await backup.pin(cid, 'nqba-runbooks test').catch(failed);
    if (pin instanceof SystemError) return { verdict: 'faulty', evidence: `${pin.message}.` };
    const seen = await settled(deps, cid, pin);
    await backup.unpin(pin.id).catch(failed);
    const verdict = seen.status === 'pinned' ? 'healthy' : seen.status === 'failed' ? 'faulty' : 'unknown';
    return { verdict, evidence: `The second provider says “${seen.status}” of a test pin${seen.says ? ` (${seen.says})` : ''}.` };
  } finally {
    await kubo.unpin(cid).catch(failed);
  }
}

/** Milliseconds: the check has ten seconds in all. */
const patience = 6_000;

async function settled(deps: Deps, cid: string, first: Awaited<ReturnType<ReturnType<typeof backupOf>['pin']>>) {
  const until = deps.now() + patience;
  let pin = first;
  while (deps.now() < until && (pin.status === 'queued' || pin.status === 'pinning')) {
    await deps.sleep(1_000);
    pin = (await backupOf(deps).find(cid)) ?? pin;
  }
  return pin;
}
