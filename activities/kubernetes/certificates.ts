/** How long the certificate of a TLS Secret is valid. Only its public part is looked into, and nothing of it is kept. */

import { X509Certificate } from 'node:crypto';
import type { Finding } from '../../workflows/contract/finding.ts';
import { type Kubernetes, type Named, readIfAny } from '../connectors/kubernetes.ts';
import { secrets } from '../connectors/resources.ts';
import { SystemError } from '../connectors/system-error.ts';

export interface CertificateFacts {
  /** Until the first of the chain expires; below zero where it has. */
  days: number;
}

/** A certificate that ends so soon is faulty, days. */
const soon = 14;
const day = 86_400_000;

/** Unknown where the Secret may not be read. @throws SystemError */
export async function certificateIn(kubernetes: Kubernetes, secret: Named, now: number): Promise<Finding<CertificateFacts>> {
  const name = `TLS Secret ${secret.name}`;
  const found = await readIfAny(kubernetes, secrets, secret).catch(unlessRefused(name));
  if (typeof found === 'string') return { verdict: 'unknown', evidence: found };
  if (!found) return { verdict: 'faulty', evidence: `${name} does not exist, so its hosts are served without their certificate` };
  return judgeCertificate(name, Buffer.from(found.data['tls.crt'] ?? '', 'base64').toString('utf8'), now);
}

function unlessRefused(name: string) {
  return (error: unknown): string => {
    if (!(error instanceof SystemError && error.status === 403)) throw error;
    return `${name} may not be read, so when its certificate expires is not known: add it to certificates of the platform description, and grant what \`runbooks rights\` prints`;
  };
}

/** `pem`: one certificate, or a chain. */
export function judgeCertificate(name: string, pem: string, now: number): Finding<CertificateFacts> {
  const ends = (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(endOf);
  const [first] = ends.toSorted((a, b) => a - b);
  if (first === undefined || Number.isNaN(first))
    return { verdict: 'faulty', evidence: `${name} holds no certificate that can be read` };
  const days = Math.floor((first - now) / day);
  const on = new Date(first).toISOString().slice(0, 10);
  const facts = { days };
  if (first <= now) return { verdict: 'faulty', evidence: `the certificate in ${name} expired on ${on}`, facts };
  const evidence = `the certificate in ${name} expires on ${on}, in ${days} days`;
  return { verdict: days < soon ? 'faulty' : 'healthy', evidence, facts };
}

/** Milliseconds since 1970; NaN where it is no certificate. */
function endOf(pem: string): number {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return Number.NaN;
  }
}
