/** A mail to a customer leaves a mark before it is sent: a retry, another worker or another incident finds it there. */

import { z } from 'zod';
import { type Artifacts, sha256 } from '../connectors/artifacts.ts';
import { jsonOf } from '../connectors/http.ts';

/** `handing over`: it may have been sent, which no one knows until the server's answer is noted. */
const mark = z.object({ key: z.string(), state: z.enum(['handing over', 'accepted']) });

export interface Marked {
  /** Of this mail alone, whatever the day. */
  own: string;
  /** Of the kind and the day, one for the address and one for each customer. */
  ofDay: string[];
}

/** @param day `2026-11-30` */
export const marksOf = (
  kind: string,
  day: string,
  { key, to, customers }: { key: string; to: string; customers: string[] },
): Marked => ({
  own: `${ownFolder}/${sha256(key)}`,
  ofDay: [to, ...customers.map(id => `customer ${id}`)].map(who => `${dayFolder(day)}/${sha256(`${kind} ${who}`)}`),
});

export const ownFolder = 'mails';
export const dayFolder = (day: string) => `mailed/${day}`;

/** `free`: the marks are ours now, and it may be sent. `unclear`: a former try may have sent it. @throws SystemError */
export async function claim(
  artifacts: Artifacts,
  { own, ofDay }: Marked,
  key: string,
): Promise<'free' | 'accepted' | 'unclear' | 'had one today'> {
  const before = await read(artifacts, own);
  if (before) return before.state === 'accepted' ? 'accepted' : 'unclear';
  const text = JSON.stringify({ key, state: 'handing over' });
  const taken: string[] = [];
  for (const name of ofDay) {
    if (await artifacts.create(name, text)) taken.push(name);
    else if ((await read(artifacts, name))?.key !== key) {
      await Promise.all(taken.map(artifacts.remove));
      return 'had one today';
    }
  }
  return (await artifacts.create(own, text)) ? 'free' : 'unclear';
}

/** The server has taken it over. @throws SystemError */
export const confirm = (artifacts: Artifacts, { own }: Marked, key: string) =>
  artifacts.write(own, JSON.stringify({ key, state: 'accepted' }));

/** It was certainly not sent. Its own mark goes last: until then it is not sent again. @throws SystemError */
export async function release(artifacts: Artifacts, { own, ofDay }: Marked): Promise<void> {
  for (const name of [...ofDay, own]) await artifacts.remove(name);
}

const read = async (artifacts: Artifacts, name: string) => mark.safeParse(jsonOf((await artifacts.read(name)) ?? '')).data;
