import type { Practice } from '../practice/start.ts';
export async function guide(_: { practice: Practice; yes: boolean; say: (line: string) => void }) {}
