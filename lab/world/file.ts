/** What the practice platform remembers between two starts: whole files, replaced at once, so that a kill leaves the old one. */

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { LabError, orFullDisk } from '../lab-error.ts';

/** The file's content; `otherwise` where there is none yet. @throws LabError for a file of another shape */
export function readState<T>(file: string, schema: z.ZodType<T>, otherwise: T): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return otherwise;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new LabError(`${file} cannot be read as practice state: delete it, or start with --fresh.`, { cause });
  }
}

/** @throws LabError when the disk is full */
export function writeState(file: string, state: unknown): void {
  const next = `${file}.next`;
  try {
    writeFileSync(next, `${JSON.stringify(state)}\n`);
    renameSync(next, file);
  } catch (error) {
    orFullDisk(error, dirname(file));
  }
}
