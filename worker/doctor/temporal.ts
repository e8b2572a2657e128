/** Temporal: does the namespace answer, and does it know what incidents are found by? */

import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { searchAttributes } from '../../workflows/contract/search-attributes.ts';
import { fault, fine, type Line, looked } from './line.ts';

/** Milliseconds for one request. */
const patience = 5_000;
const check = 'Search attributes';

export function temporalLines(): Promise<Line[]> {
  return looked(check, async () => {
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
    const connection = await NativeConnection.connect(connectionOptions).catch(() => undefined);
    if (!connection) return fault(check, 'not checked: Temporal is unreachable.', 'Check TEMPORAL_ADDRESS.');
    try {
      return await connection.withDeadline(Date.now() + patience, () => attributesLine(connection, namespace));
    } finally {
      await connection.close();
    }
  });
}

/** Without them incidents run all the same, and are not found by state, severity or who is waited for. */
async function attributesLine({ operatorService }: NativeConnection, namespace: string): Promise<Line> {
  const listed = await operatorService.listSearchAttributes({ namespace }).catch(() => undefined);
  const missing = Object.entries(searchAttributes).filter(([name]) => !Object.hasOwn(listed?.customAttributes ?? {}, name));
  const create = `temporal operator search-attribute create --namespace ${namespace} ${missing.map(([name, type]) => `--name ${name} --type ${type}`).join(' ')}`;
  if (listed === undefined) return fine(check, `of ${namespace} may not be listed here. Where they are missing: ${create}`);
  if (missing.length === 0) return fine(check, `${namespace} has all ${Object.keys(searchAttributes).length}.`);
  return fault(check, `${namespace} lacks ${missing.map(([name]) => name).join(', ')}: incidents are not found by them.`, create);
}
