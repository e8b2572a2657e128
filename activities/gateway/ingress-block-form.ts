/** Blocks as an annotation of every Ingress of the platform. */

import type { BlockForm } from './block-form.ts';
import { blockedField, blockingIngresses, edgeWith } from './edge.ts';

export const ingressBlockForm: BlockForm = {
  refuser: 'its controller',
  targets: blockingIngresses,
  field: blockedField,
  edgeWith,
  around: context => context,
};
