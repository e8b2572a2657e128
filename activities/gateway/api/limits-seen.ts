/** Calls that callers got through since a limit was set, by the access log: more of one caller than it lets pass is no effect. */

import type { Effect } from '../../../workflows/contract/action.ts';
import type { AccessLine } from '../../connectors/operator-api/access-log.ts';
import { SystemError } from '../../connectors/system-error.ts';
import type { ActionContext } from '../../engine/action.ts';
import { readTarget } from '../../engine/writing.ts';
import { gatewayOf } from '../../platform.ts';
import type { Gateway } from '../../platform/gateway.ts';
import { type Piece, shownPiece } from '../access-lines.ts';
import { callsSince } from '../calls-since.ts';
import { isAnswered } from '../answered.ts';
import { sourceOf } from '../client-addresses.ts';
import { grouped } from '../counted.ts';
import type { Limited, LimitTo } from '../limit-form.ts';
import { isUnder } from '../limited-class.ts';
import { rateField } from './limits.ts';

/** Every process follows within ten seconds. */
const aMinute = { settling: 10_000, span: 60_000 };

/** @throws SystemError where the limits cannot be read again */
export async function limitsSeen(classes: Limited[], to: LimitTo, context: ActionContext): Promise<Effect> {
  const each = await Promise.all(
    classes.map(async ({ target, wanted }) => {
      const rate = (await readTarget(context, target)).value(rateField);
      return { is: rate === String(wanted.perMinute), says: `${target.name} is ${rate ?? 'not limited'} a minute.` };
    }),
  );
  const said = each.map(({ says }) => says).join(' ');
  if (each.some(({ is }) => !is)) return { measured: 'part', text: `${said} That is not what was set.` };
  const [low] = classes;
  if (to === 'reviewed' || !low) return { measured: 'part', text: `${said} Whether calls above are refused was not measured.` };
  const { measured, text } = await callsUnder(low, context);
  return { measured, text: `${said} ${text}` };
}

async function callsUnder({ wanted }: Limited, context: ActionContext): Promise<Effect> {
  try {
    const piece = await callsSince(aMinute, context);
    return judged(piece, wanted.perMinute * (piece.covers / 60_000 + wanted.burst), gatewayOf(context.deps.platform).routes);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { measured: 'part', text: `Whether calls above are refused was not measured: ${error.message}.` };
  }
}

const isOn = (routes: string[]) => (line: AccessLine) => routes.some(beginning => isUnder(line.route, beginning));
const isRefused = ({ refusedBy }: AccessLine) => refusedBy === 'rate';
/** A call that a quota, a block or a missing sign-in refuses needs no limit to stop it. */
const gotThrough = (line: AccessLine) => line.refusedBy === undefined && line.status !== 401 && isAnswered(line);

/** @param most calls that one caller gets through in the time */
function judged(piece: Piece, most: number, { low, essential }: Gateway['routes']): Effect {
  const { lines, isWhole } = piece;
  const [ofLow, ofEssential] = [lines.filter(isOn(low)), lines.filter(isOn(essential))];
  const passed = grouped(ofLow.filter(gotThrough), ({ account, address }) => account ?? sourceOf(address));
  const largest = Math.max(0, ...[...passed.values()].map(of => of.length));
  const refused = ofLow.filter(isRefused).length;
  const essentials = `Of ${ofEssential.length} calls of essential routes ${ofEssential.filter(isRefused).length} were refused. From ${shownPiece(piece)}.`;
  const counted = `Of ${ofLow.length} calls of low priority since, ${refused} were refused`;
  if (largest > Math.ceil(most) + 1)
    return {
      measured: 'none',
      text: `${counted}, yet one caller got ${largest} through, and the limit lets pass ${Math.ceil(most)}.`,
    };
  const text = `${counted}; no caller got more than ${largest} through. ${essentials}`;
  return refused > 0
    ? { measured: isWhole ? 'whole' : 'part', text }
    : { measured: 'part', text: `${text} No one has called more than the limit lets pass.` };
}
