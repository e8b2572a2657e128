import type { Words } from '../../kit/index.ts';

/** Once a week, whether or not anything is planned: a key that is too old is work of whoever owns it. */
export async function ageOfKey({ check, task }: Pick<Words, 'check' | 'task'>): Promise<void> {
  const { verdict, evidence } = await check('Quantum API Key Rotation: age of the key').quantum.keyAge({});
  if (verdict !== 'faulty') return;
  await task('Quantum API Key Rotation: the key is too old', { owner: 'quantum', confirm: evidence, blocks: false });
}
