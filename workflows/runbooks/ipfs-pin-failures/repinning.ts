import type { LtcRecordsFacts } from '../../../activities/index.ts';
import type { Finding } from '../../contract/index.ts';
import type { Words } from '../../kit/index.ts';

const primary = { approver: 'primary' } as const;
const on = { target: 'primary', enabled: true } as const;
/** As before the incident, in one restart. */
const before = { target: 'backup', enabled: false, other: true } as const;
const list = 'entries to pin';

interface LtcAsked {
  since: string;
  /** An alert fires when pins have failed for minutes: the entries of these are left over as well. */
  hoursBefore: number;
}

/** The first provider pins again, then what was not pinned since, then the second is as it was before. */
export async function repinFailedContent({ step, check }: Words, asked: LtcAsked): Promise<void> {
  await step('Repin Failed Content: first provider on', primary).ipfs.setPinning(on);
  const entries = await check('Repin Failed Content: entries').ipfs.ltcRecords({ ...asked, freeze: list });
  if (isLeft(entries)) await step('Repin Failed Content').ipfs.repinFailed({ list });
  await step('Repin Failed Content: second provider as before', primary).ipfs.setPinning(before);
}

const isLeft = ({ facts }: Finding<LtcRecordsFacts>) => (facts?.unpinned ?? 0) + (facts?.unresolved ?? 0) > 0;

const [explained, tampered] = ['explained: a known cause', 'a security incident'] as const;

/** No machine repairs a record: security says what a mismatch is. */
export async function ltcRecordsVerified({ check, ask, task }: Words, asked: LtcAsked): Promise<void> {
  const { facts, evidence } = await check('Update LTC Records').ipfs.ltcRecords(asked);
  if (!facts?.mismatches) return;
  const how = { owner: 'security', because: evidence, otherwise: tampered } as const;
  const answer = await ask('Update LTC Records: what are the mismatches?', [explained, tampered], how);
  if (answer === explained) return;
  const confirm = `${evidence} The records and whoever could write them are kept as evidence, and the P0 is opened.`;
  await task('Update LTC Records: security incident', { owner: 'security', confirm });
}
