/** Mail to customers where it is not sent from here: its text, ready to paste, once what it claims is so. */

import type { Call, Outcome } from '../../workflows/contract/action.ts';
import type { Deps } from '../deps.ts';
import { ownOf, publicText, statesShare } from '../messages/texts.ts';
import { refuseUnfounded, shareNow, unmeasured } from './claims.ts';
import type { TellInput } from './customer-mail.ts';
import { componentName } from './page-target.ts';
import { ifSo } from './status-page.ts';

/** Nothing where it can be sent: its readers are known, and all that it needs is connected. */
export async function tellByHand(input: TellInput, deps: Deps, { key }: Call): Promise<Outcome | undefined> {
  const because = whyByHand(input, deps);
  if (because === undefined) return undefined;
  await refuseUnfounded(input.text, deps, key, input.component);
  return pasted(input, deps, because);
}

/** Claims of the text were measured right before. @throws where the text cannot be written */
export async function pasted(
  { text, component = 'quantum', given, list }: TellInput,
  deps: Deps,
  because: string,
): Promise<Outcome> {
  const share = await shareNow(text, deps);
  if (statesShare(text) && share === undefined) throw unmeasured(text);
  const { subject, body } = publicText(text, componentName(deps.platform, component), share, given);
  const own = ownOf(text) ? '\n\n(Then the own numbers of each reader.)' : '';
  const readers = list
    ? `\n\n(The list “${list.name}”, ${list.count} items, lies in the artifact store under ${list.digest}.)`
    : '';
  return {
    byHand: { system: 'customers by mail', because, paste: `Subject: ${subject}\n\n${body}${own}${ifSo(text)}${readers}` },
  };
}

function whyByHand({ list, to }: TellInput, { systems: { mail, operatorApi, kubernetes } }: Deps): string | undefined {
  if (!list && !to) return 'mail to customers is sent by a person';
  if (!mail) return 'the mail server is not connected: set SMTP_URL and MAIL_FROM';
  if (!operatorApi) return 'the addresses of customers are not known: set NQBA_API_TOKEN';
  return kubernetes ? undefined : 'Kubernetes is not connected, and the hold lies there';
}
