/** Which of the two providers should pin new records, as values of the ConfigMap and in words. Pure. */

import type { Values } from '../engine/holders.ts';
import { ipfsOf, type Platform } from '../platform.ts';

export interface Pinning {
  target: 'primary' | 'backup';
  enabled: boolean;
  /** The other provider, in the same restart; as it is without it. */
  other?: boolean;
}

/** Each provider on or off, as the step says. */
export const wanted = ({ target, enabled, other }: Pinning): Partial<Record<Pinning['target'], boolean>> => ({
  [target]: enabled,
  ...(other !== undefined && { [target === 'primary' ? 'backup' : 'primary']: other }),
});

export function valuesOf(input: Pinning, platform: Platform): Values {
  const { primary, backup } = ipfsOf(platform);
  const { primary: first, backup: second } = wanted(input);
  return {
    ...(first !== undefined && (first ? primary.on : primary.off)),
    ...(second !== undefined && (second ? backup.on : backup.off)),
  };
}

/** The first alone, as before the incident. */
export const isTheEnd = (input: Pinning) => wanted(input).primary === true && wanted(input).backup === false;

export function told(input: Pinning): string {
  const { primary, backup } = wanted(input);
  const parts = [
    ...(backup === undefined ? [] : [`the second provider ${backup ? 'pins' : 'does not pin'} new records`]),
    ...(primary === undefined ? [] : [primary ? 'the first provider pins them' : 'the first provider is paused']),
  ];
  const text = parts.join(', and ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
