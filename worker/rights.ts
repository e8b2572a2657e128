/** `runbooks rights` prints this: `node worker/rights.ts [--platform FILE] [--account NAMESPACE/NAME | --user NAME]`. */

import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { holdConfigMap, type Platform, readPlatform } from '../activities/platform.ts';
import { roleManifests, type Subject } from './role-manifests.ts';

const { values } = parseArgs({
  options: { platform: { type: 'string' }, account: { type: 'string' }, user: { type: 'string' } },
});

/** Beside the hold, unless it is told. */
function subjectOf(platform: Platform): Subject {
  if (values.user) return { kind: 'User', name: values.user };
  const [namespace = '', name = 'runbooks'] = values.account?.split('/') ?? [holdConfigMap(platform).namespace];
  return { kind: 'ServiceAccount', namespace, name };
}

try {
  const platform = await readPlatform(values.platform ?? process.env['RUNBOOKS_PLATFORM'] ?? 'platform.json');
  const documents = roleManifests(platform, subjectOf(platform)).map(object =>
    stringify(object, { aliasDuplicateObjects: false }),
  );
  process.stdout.write(documents.join('---\n'));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
