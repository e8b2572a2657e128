/**
 * Corrects a frozen list of charges: refunds, credit notes that account for them, or credit for usage that was billed too much. Twice
 * equals once: each item is looked up at Stripe by our key in its metadata, then done with a key of its own.
 */

import type { Action } from '../engine/action.ts';
import { runList } from '../engine/run-list.ts';
import { stopped } from '../failures.ts';
import { correcting, inDashboard } from './corrections/correcting.ts';
import { creditNotes } from './corrections/credit-notes.ts';
import { refunds } from './corrections/refunds.ts';
import { usageCredits } from './corrections/usage-credits.ts';
import type { CorrectInput } from './inputs.ts';

const name = 'correctCharges';

export const correctCharges: Action<CorrectInput> = {
  name,
  byHand: inDashboard(({ as }) => byHand[as]),
  run(input, context) {
    switch (input.as) {
      case 'refund':
        return runList(correcting(name, refunds, context), input, context);
      case 'credit-note':
        return runList(correcting(name, creditNotes, context), input, context);
      case 'usage':
        return runList(correcting(name, usageCredits, context), input, context);
      default:
        throw stopped('BadInput', 'Charges are corrected as refund, credit-note or usage: correct the step.');
    }
  },
  undo: 'a refund cannot be taken back: a wrong one is charged again by hand, and a wrong credit note voided in the dashboard of Stripe',
};

const byHand: Record<CorrectInput['as'], string> = {
  refund: 'Refund the charges of the list in the dashboard of Stripe, each by its `excess` in minor units.',
  'credit-note': 'Write a credit note for each refund of the list in the dashboard of Stripe.',
  usage: 'Credit each `difference` above zero of the list, in minor units, in the dashboard of Stripe.',
};
