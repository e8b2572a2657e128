/** The sources that an Ingress blocks, as a field of it: a record and a plan say only how many, and which by a digest. */

import { z } from 'zod';
import type { KubeObject } from '../connectors/resources.ts';
import { nameOfSources, shortOf } from './sources.ts';

const whole = z.object({ text: z.string() });

/** @param name of the annotation */
export const sourcesIn = (name: string) => ({
  read: ({ metadata }: KubeObject): string | null => {
    const text = metadata.annotations[name];
    return text === undefined ? null : shortOf(text, metadata.uid);
  },
  patch: (value: string | null, _object: KubeObject, kept?: object) => ({
    metadata: { annotations: { [name]: value === null ? null : whole.parse(kept).text } },
  }),
  kept: nameOfSources,
});
