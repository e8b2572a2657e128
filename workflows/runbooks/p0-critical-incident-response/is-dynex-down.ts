import type { Words } from '../../kit/index.ts';

const notNow = 'ask again later';
const answers = ['enable the fallback', 'leave jobs where they are', notNow] as const;
/** Less than the phase: a round does not wait for longer. */
const decides = { owner: 'commander', otherwise: notNow, by: '10 minutes' } as const;

/** Dynex fails from one side, and the other sees nothing: people decide. Nothing where no one does in time. */
export async function isDynexDown({ ask }: Pick<Words, 'ask'>, because: string): Promise<boolean | undefined> {
  const answer = await ask('Enable quantum fallback if Dynex is down: is it?', answers, { ...decides, because });
  return answer === notNow ? undefined : answer === 'enable the fallback';
}
