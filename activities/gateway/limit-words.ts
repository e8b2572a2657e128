/** A limit in the words of its plan. */

import { targetName } from '../../workflows/contract/action.ts';
import type { Deps } from '../deps.ts';
import { limitFormOf } from './forms.ts';
import type { Limited } from './limit-form.ts';

export const summaryOf = (classes: Limited[], { platform }: Deps): string =>
  classes.map(one => summaryOfOne(one, limitFormOf(platform).caller)).join(' ');

function summaryOfOne({ target, wanted, own }: Limited, caller: string): string {
  const [routes] = Object.values(own ?? {});
  if (routes === null) return `${targetName(target)}, which was made for routes of low priority, goes with the last limit on it.`;
  const made = routes === undefined ? '' : ` has routes of low priority alone, which go where they go now, and`;
  return `${targetName(target)}${made} limits each ${caller} to ${wanted.perMinute} calls a minute.`;
}

export const felt = ({ platform }: Deps): string =>
  `Calls of batch, exports, demos and analytics above it are refused for each ${limitFormOf(platform).caller}; essential routes are not touched.`;

export const ownText = (classes: Limited[]): string[] =>
  classes.some(({ own }) => own)
    ? ['It has the annotations that their Ingress has now, blocked sources among them, and is removed with the limit.']
    : [];
