/** Blocks as an annotation of every Ingress of the platform, and of the one that an incident has made. */

import { readIfAny } from '../connectors/kubernetes.ts';
import { ingresses } from '../connectors/network-resources.ts';
import type { BlockForm } from './block-form.ts';
import { blockedField, blockingIngresses, edgeWith } from './edge.ts';
import { ownTarget } from './own/own-class.ts';

export const ingressBlockForm: BlockForm = {
  refuser: 'its controller',
  targets(platform) {
    const own = ownTarget(platform);
    return [...blockingIngresses(platform), ...(own ? [own] : [])];
  },
  async standing({ deps: { platform }, kubernetes }) {
    const own = ownTarget(platform);
    const isThere = own && (await readIfAny(kubernetes, ingresses, { namespace: own.namespace ?? '', name: own.name }));
    return [...blockingIngresses(platform), ...(isThere ? [own] : [])];
  },
  field: blockedField,
  edgeWith,
  around: context => context,
};
