/** Bodies that no well-meaning sender writes, each with what must become of it. The same seed gives the same body. */

import { Random } from './simulation/random.ts';

export interface HostileBody {
  /** What is hostile in it. */
  kinds: string[];
  path: '/alertmanager' | '/grafana' | '/alerts';
  text: string;
  headers: Record<string, string>;
  /** False where it must be refused. */
  taken: boolean;
  /** The label `component` of each alert that must open an incident. */
  opens: string[];
}

const texts = [
  '<!channel> <@U123> <https://evil.example|here>',
  '{{ range .Alerts }}{{ .Labels.SortedPairs }}{{ end }} ${process.env.INTAKE_TOKEN}',
  '"} or vector(1) #',
  '\u001b[2J\u001b]0;owned\u0007\u009b31m',
  'left \u202eright\u2066 \u200bhidden\ufeff',
  '\ud800 and \udfff',
  'nul \u0000 nul',
  'line\r\nrefused, 401 /alertmanager: forged',
  "$(reboot); `reboot`; '; DROP TABLE incidents; --",
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '👩‍👩‍👧‍👧'.repeat(200),
  'x'.repeat(20_000),
];

type Labels = Record<string, unknown>;
interface Written {
  text: string;
  opens: boolean;
}

const ours = (id: string, more: Labels = {}): Labels => ({
  alertname: 'DynexHealthCheckFailed',
  runbook: 'dynex-outage',
  cluster: 'nqba-production',
  component: id,
  ...more,
});
const alert = (labels: Labels, more: object = {}) =>
  JSON.stringify({ status: 'firing', labels, annotations: {}, startsAt: '2026-11-24T02:11:13Z', ...more });
const opening = (id: string, labels: Labels = {}, more: object = {}) => ({ text: alert(ours(id, labels), more), opens: true });
const nothing = (id: string, labels: Labels, more: object = {}) => ({ text: alert(ours(id, labels), more), opens: false });

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
/** Puts JSON that `JSON.stringify` cannot write in the place of a word. */
const placing = ({ text, opens }: Written, json: string): Written => ({ text: text.replace('"PLACE"', json), opens });
const field = (random: Random) => random.pick(['service', 'instance', 'pod', 'namespace', 'job', 'exported_pod', 'priority']);
const oddTimes = [
  '9999-12-31T23:59:59Z',
  '0001-01-01T00:00:00Z',
  '2031-01-01T00:00:00Z',
  '',
  'yesterday',
  1_764_000_000,
  null,
  {},
];

const alerts: Record<string, (random: Random, id: string) => Written> = {
  'text in a label': (random, id) => opening(id, { [field(random)]: random.pick(texts) }),
  'text in an annotation': (random, id) =>
    opening(id, {}, { annotations: { summary: random.pick(texts), value: random.pick(texts) } }),
  'text as a name': (random, id) => nothing(id, { alertname: random.pick(texts), runbook: undefined }),
  'text as a runbook': (random, id) => nothing(id, { alertname: 'Ghost', runbook: random.pick(texts) }),
  'text as a cluster': (random, id) => nothing(id, { cluster: random.pick(texts) }),
  'text as a fingerprint': (random, id) => opening(id, {}, { fingerprint: random.pick(texts) }),
  'a thousand labels': (_, id) =>
    opening(id, Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`label_${index}`, `${index}`]))),
  'numbers for text': (random, id) => opening(id, { [field(random)]: random.pick([7, -0.5, true, null, 1e21]) }),
  'a number as a name': (_, id) => nothing(id, { alertname: 7, runbook: 7 }),
  'a list as a label': (random, id) => nothing(id, { [field(random)]: ['nqba-production'] }),
  'an odd time': (random, id) => opening(id, {}, { startsAt: random.pick(oddTimes), endsAt: random.pick(oddTimes) }),
  'no time': (_, id) => opening(id, {}, { startsAt: undefined }),
  'no labels': random => ({ text: JSON.stringify({ status: 'firing', labels: random.pick([null, [], {}, 'x']) }), opens: false }),
  'no status': (random, id) => nothing(id, {}, { status: random.pick(['', null, 'on', 7, ['firing']]) }),
  'no alert': random => ({ text: random.pick(['0', 'null', '"firing"', '[]', 'true', '{}']), opens: false }),
  'deep annotations': (random, id) => placing(opening(id, {}, { annotations: { a: 'PLACE' } }), nested(1 + random.below(3_000))),
  'a deep label': (random, id) => placing(nothing(id, { pod: 'PLACE' }), nested(1 + random.below(3_000))),
  'a deep field': (random, id) => placing(opening(id, {}, { more: 'PLACE' }), nested(1 + random.below(50_000))),
  'the prototype as labels': (_, id) =>
    placing({ text: '{"status":"firing","labels":{"alertname":"Ghost","__proto__":"PLACE"}}', opens: false }, alert(ours(id))),
  'the prototype as alert': (_, id) => placing({ text: '{"__proto__":"PLACE"}', opens: false }, alert(ours(id))),
  'the same key twice': (_, id) => placing(opening(id, { cluster: 'PLACE' }), '"nqba-staging","cluster":"nqba-production"'),
  'another cluster behind ours': (_, id) =>
    placing(nothing(id, { cluster: 'PLACE' }), '"nqba-production","cluster":"nqba-staging"'),
};

/** Changes of the body as a whole. */
const bodies: Record<string, (text: string, random: Random) => Pick<HostileBody, 'text' | 'taken'> & { headers?: object }> = {
  'as it is': text => ({ text, taken: true }),
  'a wrong length': text => ({ text, taken: true, headers: { 'content-length': '7' } }),
  'no length': text => ({ text, taken: true, headers: { 'content-length': 'x' } }),
  'called packed': text => ({ text, taken: true, headers: { 'content-encoding': 'gzip' } }),
  'a byte order mark': text => ({ text: `\ufeff${text}`, taken: true }),
  'an end too early': (text, random) => ({ text: text.slice(0, random.below(text.length)), taken: false }),
  'a NUL in it': text => ({ text: text.replace(',', ',\u0000'), taken: false }),
  'another version': text => ({ text: text.replace(/"version":"\d"/, '"version":"5"'), taken: false }),
  'a list around it': text => ({ text: `[${text}]`, taken: false }),
};

const heavy: Record<string, string> = {
  'a hundred thousand zeros': '0,'.repeat(100_000),
  'two megabytes in one alert': `${JSON.stringify({ status: 'firing', labels: { alertname: 'x'.repeat(2_000_000) } })},`,
  'ten thousand empty alerts': '{"labels":{}},'.repeat(10_000),
};

/** One in forty is heavy. */
export function hostileBody(seed: number): HostileBody {
  const random = new Random(seed);
  if (random.chance(0.1)) return oneAlert(random, seed);
  const some = Array.from({ length: 1 + random.below(5) }, () => random.pick(Object.keys(alerts)));
  const written = some.map((kind, index) => alerts[kind]?.(random, `${seed}-${index}`) ?? opening(`${seed}-${index}`));
  const good = opening(`${seed}-good`);
  const load = seed % 40 === 0 ? random.pick(Object.keys(heavy)) : undefined;
  const all = [...written, good].sort(() => random.next() - 0.5);
  const path = random.pick(['/alertmanager', '/grafana'] as const);
  const version = path === '/grafana' ? '1' : '4';
  const text = `{"version":"${version}","alerts":[${load ? heavy[load] : ''}${all.map(one => one.text).join(',')}]}`;
  const whole = random.chance(0.6) ? 'as it is' : random.pick(Object.keys(bodies));
  const changed = bodies[whole]?.(text, random) ?? { text, taken: true };
  const opens = [...written.flatMap((one, index) => (one.opens ? [`${seed}-${index}`] : [])), `${seed}-good`];
  return {
    kinds: [whole, ...(load ? [load] : []), ...some],
    path,
    text: changed.text,
    headers: { ...changed.headers },
    taken: changed.taken,
    opens: changed.taken ? opens : [],
  };
}

/** The small form. */
function oneAlert(random: Random, seed: number): HostileBody {
  const name = random.chance(0.5) ? 'DynexHealthCheckFailed' : random.pick(texts);
  const labels = { component: `${seed}`, service: random.pick(texts), shard: 7 };
  const text = JSON.stringify({ name, status: 'firing', labels, startsAt: random.chance(0.5) ? '9999-12-31T23:59:59Z' : null });
  const opens = name === 'DynexHealthCheckFailed' ? [`${seed}`] : [];
  return { kinds: ['the small form'], path: '/alerts', text, headers: {}, taken: true, opens };
}
