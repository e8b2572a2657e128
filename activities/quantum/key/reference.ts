/** Where a container takes the Dynex key from: a Secret and a key in it, never the value. Pure. */

import type { Template } from '../../connectors/resources.ts';

export interface Reference {
  secret: string;
  key: string;
}

/** As plans and records say it. */
export const textOf = ({ secret, key }: Reference) => `${secret}/${key}`;

export function referenceFrom(text: string): Reference {
  const [secret = '', key = ''] = text.split('/');
  return { secret, key };
}

/** Nothing where the variable is absent or not taken from a Secret. */
export function referenceIn({ spec }: Pick<Template, 'spec'>, container: string, variable: string): Reference | undefined {
  const { env } = spec.containers.find(({ name }) => name === container) ?? { env: [] };
  const ref = env.find(({ name }) => name === variable)?.valueFrom?.secretKeyRef;
  return ref?.name ? { secret: ref.name, key: ref.key } : undefined;
}
