/** The platform's database at RDS, on a server of its own. */

import { listen } from '../../lab/stand-ins/listen.ts';
import { rds } from '../../lab/stand-ins/rds.ts';
import { surroundings } from '../../lab/stand-ins/stand-in.ts';
import { aDatabase, credentials, region } from '../activities/database-at-rds.ts';

/** `variables` lead a worker there. */
export async function cloudDatabase() {
  const { url, close } = await listen('rds', rds(surroundings(), { database: aDatabase(Date.now()) }), 0);
  const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = credentials;
  return { variables: { AWS_REGION: region, AWS_ENDPOINT_URL_RDS: url, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }, close };
}
