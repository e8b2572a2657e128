/**
 * `nginx.conf` for Ingresses as ingress-nginx 1.15 makes it of their annotations (its `nginx.tmpl` and `annotations/`, documented at
 * https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/; it was retired in March 2026).
 */

import { isIP } from 'node:net';
import { z } from 'zod';

const ingress = z.looseObject({
  metadata: z.looseObject({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.looseObject({
    rules: z.array(
      z.looseObject({
        http: z.looseObject({ paths: z.array(z.looseObject({ path: z.string(), pathType: z.enum(['Prefix', 'Exact']) })) }),
      }),
    ),
  }),
});
type Ingress = z.infer<typeof ingress>;

export interface Controller {
  /** For its sockets and temporary files. */
  dir: string;
  port: number;
  /** `limit-req-status-code` of its ConfigMap; 503 is its default. */
  limitReqStatus?: number;
}

const prefix = 'nginx.ingress.kubernetes.io/';
const known = new Set(['limit-rps', 'limit-rpm', 'limit-burst-multiplier', 'limit-whitelist', 'denylist-source-range']);

/** @throws on an annotation that this does not translate */
export function nginxConf(objects: unknown[], controller: Controller): string {
  const ingresses = objects.map(object => ingress.parse(object));
  for (const { metadata } of ingresses) refuseUnknown(metadata.annotations);
  const { dir, port, limitReqStatus = 503 } = controller;
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${dir}/${name};`);
  return `daemon off; master_process off; pid ${dir}/nginx.pid; error_log stderr;
events {}
http {
  access_log off; variables_hash_bucket_size 256; variables_hash_max_size 2048;
  ${folders.join(' ')}
  # use-forwarded-headers: "true"
  real_ip_header X-Forwarded-For; real_ip_recursive on; set_real_ip_from 0.0.0.0/0;
  limit_req_status ${limitReqStatus};
${ingresses.map(zonesOf).join('')}  server {
    listen 127.0.0.1:${port};
${ingresses.flatMap(locationsOf).join('')}  }
  server { listen unix:${dir}/upstream.sock; location / { return 200 "$request_uri"; } }
}
`.replaceAll('UPSTREAM', `http://unix:${dir}/upstream.sock:`);
}

function refuseUnknown(annotations: Record<string, string>): void {
  const ours = Object.keys(annotations).filter(name => name.startsWith(prefix));
  const unknown = ours.filter(name => !known.has(name.slice(prefix.length)));
  if (unknown.length > 0) throw new Error(`Not translated: ${unknown.join(', ')}`);
}

const valueOf = ({ metadata }: Ingress, name: string): string | undefined => metadata.annotations[prefix + name];

/** As strconv.Atoi; what is no number is as if it were absent. */
const integerOf = (of: Ingress, name: string): number | undefined => {
  const text = valueOf(of, name);
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
};

const rates = [
  { annotation: 'limit-rps', unit: 'rps', per: 'r/s' },
  { annotation: 'limit-rpm', unit: 'rpm', per: 'r/m' },
];

const zoneOf = ({ metadata: { namespace, name, uid } }: Ingress) => `${namespace}_${name}_${uid}`;
const idOf = (of: Ingress) => Buffer.from(zoneOf(of)).toString('base64url');

/** ratelimit/main.go, buildRateLimitZones. */
function zonesOf(of: Ingress): string {
  const limits = rates.filter(({ annotation }) => (integerOf(of, annotation) ?? 0) > 0);
  if (limits.length === 0) return '';
  const exempt = cidrsIn(valueOf(of, 'limit-whitelist') ?? '') ?? [];
  const zones = limits.map(
    ({ annotation, unit, per }) =>
      `  limit_req_zone $limit_${idOf(of)} zone=${zoneOf(of)}_${unit}:5m rate=${integerOf(of, annotation)}${per};\n`,
  );
  return `  geo $remote_addr $allowlist_${idOf(of)} { default 0; ${exempt.map(cidr => `${cidr} 1;`).join(' ')} }
  map $allowlist_${idOf(of)} $limit_${idOf(of)} { 0 $binary_remote_addr; 1 ""; }
${zones.join('')}`;
}

/** updateServerLocations: a prefix is a location with a slash, and an exact one without. */
function locationsOf(of: Ingress): string[] {
  const paths = of.spec.rules.flatMap(({ http }) => http.paths);
  return paths.flatMap(({ path, pathType }) => {
    if (path === '/') return [locationOf(of, '"/"')];
    if (pathType === 'Exact') return [locationOf(of, `= "${path}"`)];
    return [locationOf(of, `"${path.replace(/\/?$/, '/')}"`), locationOf(of, `= "${path}"`)];
  });
}

function locationOf(of: Ingress, where: string): string {
  const written = valueOf(of, 'denylist-source-range');
  const denied = written === undefined ? [] : cidrsIn(written);
  // LocationDeniedError: what cannot be read denies everyone.
  const rules = denied === undefined ? ['return 503;'] : [...denied.map(cidr => `deny ${cidr};`), ...limitsOf(of)];
  return `    location ${where} { ${rules.join(' ')} proxy_pass UPSTREAM; }\n`;
}

/** Five times the limit at once, unless the multiplier says otherwise. */
function limitsOf(of: Ingress): string[] {
  const multiplier = integerOf(of, 'limit-burst-multiplier') ?? 5;
  return rates.flatMap(({ annotation, unit }) => {
    const limit = integerOf(of, annotation) ?? 0;
    return limit > 0 ? [`limit_req zone=${zoneOf(of)}_${unit} burst=${limit * multiplier} nodelay;`] : [];
  });
}

/** net.ParseCIDRs: each once and sorted; nothing where one of them is neither an address nor a network. */
function cidrsIn(text: string): string[] | undefined {
  if (text === '') return [];
  const all = text.split(',').map(one => one.trim());
  return all.every(isCidr) ? [...new Set(all)].toSorted() : undefined;
}

function isCidr(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
}
