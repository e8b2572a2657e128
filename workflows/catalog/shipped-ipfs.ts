/** The activities about IPFS that a runbook may call, in words. */

import type { Described } from './described.ts';

type Name = 'setPinning' | 'removePins' | 'repinFailed' | 'cluster' | 'storage' | 'testPin' | 'ltcRecords';

export const pins: { readonly [N in Name]: Described<N> } = {
  setPinning: {
    subject: 'ipfs',
    does: 'Lets the first or the second provider pin new records, or pauses it; what is paused is pinned later',
    input: {
      target: "'primary' or 'backup'",
      enabled: 'true or false',
      other: 'optional; the same for the other one, in one restart',
    },
    asks: 'where a workload restarts',
    undo: 'restores what was before',
  },
  removePins: {
    subject: 'ipfs',
    does: 'Removes the pins of a list that a check froze from the first provider, each once the second has it; none under audit retention, and a tenth of all at most',
    input: { list: 'the name under which a check froze them' },
    asks: 'always',
    undo: 'none: the second provider keeps what it pinned',
  },
  repinFailed: {
    subject: 'ipfs',
    does: 'Pins entries of the LTC again that a check froze, a hundred at a time, and writes their references',
    input: { list: 'the name under which a check froze them' },
    asks: 'never',
    undo: 'none: the same content is the same pin',
  },
  cluster: {
    subject: 'ipfs',
    does: 'Checks the first IPFS provider: that it answers and few pins fail, that it is connected, that it lets us in, or that pods pin to it',
    input: { aspect: "'health', 'network', 'login' or 'config'" },
  },
  storage: {
    subject: 'ipfs',
    does: 'Checks how much the first provider stores of what it may, and how fast that grows',
    input: {
      max: 'optional; ratio, 0 to 1: faulty from there, 0.9 unless told',
      freeze: 'optional; the name under which pins that no record under retention needs are frozen for an action',
    },
  },
  testPin: {
    subject: 'ipfs',
    does: 'Pins new content, reads it through two gateways, compares and unpins it',
    input: { target: "'primary' or 'backup'" },
  },
  ltcRecords: {
    subject: 'ipfs',
    does: 'Checks the chain of hashes of the LTC, and the JSON that is pinned of each entry; a mismatch is never repaired',
    input: {
      since: 'RFC 3339',
      hoursBefore: 'optional; so many hours earlier',
      freeze: 'optional; the name under which entries that are not pinned are frozen for an action',
    },
  },
};
