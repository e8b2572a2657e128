/** The NQBA API as a client sees it: its health, and jobs of the quantum integration hub. */

import { z } from 'zod';
import { limits } from '../limits.ts';
import { printed, under, webAddress } from './address.ts';
import { describeSystem, documented, text } from './description.ts';
import { accepted, jsonOf, parsed, sender, sentenceIn, type Wire } from './http.ts';
import { type Hub, hubOf } from './hub.ts';
import { quoted, SystemError } from './system-error.ts';

export interface CanaryJob {
  /** Label of the solver; without it the workload's own choice. */
  solver?: string;
  /** Run by the pods of this workload. */
  workload?: string;
  /** Must differ from job to job: equal inputs are one job. */
  nonce: string;
}

export interface ApiPod {
  name: string;
  ip: string;
}

export interface JobAnswer {
  status: string;
  /** Absent until it has run. */
  solver?: string;
  /** The solver's own word: `mock` is no result. */
  result?: string;
  energy?: number;
  error?: string;
}

/** Every call throws SystemError. */
export interface NqbaApi extends Hub {
  address: string;
  /** One pod at its own address; absent where no address of pods is set. */
  ofPod?: ((pod: ApiPod) => NqbaApi) | undefined;
  /** It answers, and says itself that it is well. */
  health: () => Promise<void>;
  /** Its clock, by which it dates jobs: milliseconds since 1970; nothing where it does not tell. @throws SystemError */
  time: () => Promise<number | undefined>;
  /** Submits a job with a known optimum and answers its id. */
  submit: (job: CanaryJob) => Promise<string>;
  job: (id: string) => Promise<JobAnswer>;
}

const system = 'The NQBA API';
const submitted = z.looseObject({ job_id: z.string().min(1).max(200) });
const answer = z.looseObject({
  status: z.string(),
  result: z
    .looseObject({ solver: z.string().optional(), status: z.string().optional(), energy: z.number().optional() })
    .nullish(),
  error: z.string().nullish(),
});

/** A QUBO of two bits: either alone pays one, both together nothing. */
const smallest = {
  qubo: [
    [-1, 1],
    [1, -1],
  ],
};
/** The lowest energy of the canary's problem; any other is no result. */
export const canaryOptimum = -1;

const wellness = z.looseObject({ status: z.string() });
/** The status that a health endpoint gives itself, in JSON or as a bare word; nothing where it gives none. */
const statusIn = (text: string) => wellness.safeParse(jsonOf(text)).data?.status ?? /^\s*(\w+)\s*$/.exec(text)?.[1];

export interface ApiConfig {
  url: string;
  /** The address of a pod, with `{ip}` or `{name}` in it. */
  podUrl?: string | undefined;
}

export function connectApi({ url, podUrl }: ApiConfig, wire: Wire): NqbaApi {
  const send = sender(system, wire);
  const at = (path: string) => under(url, path);
  return {
    ...hubOf(system, send, at),
    address: printed(url),
    ofPod: podUrl === undefined ? undefined : pod => connectApi({ url: addressOf(podUrl, pod) }, wire),

    time: async () => (await send(at('/health'), { within: limits.probe })).date,
    async health() {
      const { status, text } = accepted(system, await send(at('/health'), { within: limits.probe }));
      const word = statusIn(text);
      if (word !== undefined && /^(ok|healthy)$/i.test(word)) return;
      const said = word === undefined ? `without its status: ${sentenceIn(text)}` : `with the status ${quoted(word)}`;
      throw new SystemError({
        system,
        fault: word === undefined ? 'garbled' : 'answered',
        status,
        text: `answered ${status} ${said}`,
      });
    },

    async submit({ solver, workload, nonce }) {
      const body = JSON.stringify({
        operation: 'canary',
        inputs: { ...smallest, nonce },
        ...(solver && { solver_preference: solver }),
        timeout_seconds: 30,
        priority: 'high',
        metadata: { ...(workload && { workload }) },
      });
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      return parsed(system, submitted, await send(at('/api/v1/qih/jobs'), { method: 'POST', headers, body })).job_id;
    },

    async job(id) {
      const path = `/api/v1/qih/jobs/${encodeURIComponent(id)}`;
      const { status, result, error } = parsed(system, answer, await send(at(path)));
      return {
        status,
        ...(result?.solver && { solver: result.solver }),
        ...(result?.status && { result: result.status }),
        ...(result?.energy !== undefined && { energy: result.energy }),
        ...(error && { error }),
      };
    },
  };
}

/** An IPv6 address stands in brackets. */
export const addressOf = (template: string, { name, ip }: ApiPod) =>
  template.replaceAll('{ip}', ip.includes(':') ? `[${ip}]` : ip).replaceAll('{name}', encodeURIComponent(name));

const isPodAddress = (template: string) =>
  /\{(ip|name)\}/.test(template) && webAddress.safeParse(addressOf(template, { name: 'pod', ip: '10.0.0.1' })).success;

export const apiSystem = describeSystem({
  variables: z.object({
    NQBA_API_URL: webAddress.optional().register(documented, {
      means: 'the NQBA API, for canary jobs',
      without:
        'no canary runs: check the first jobs on Dynex once the way back is approved. With fewer than `quantum.recovery.jobs` of them, or with too few started since by any workload, recovery is not measured',
    }),
    NQBA_API_POD_URL: text
      .refine(isPodAddress, 'is not an http or https address with {ip} or {name} in it')
      .optional()
      .register(documented, {
        means: 'one pod of the NQBA API, with {ip} or {name} in the address: the quantum hub keeps its state in each process',
        without: 'the hub is asked through the Service alone, which answers for one pod at random; the evidence says so',
        example: 'http://{ip}:8000',
      }),
  }),
  configure: ({ NQBA_API_URL: url, NQBA_API_POD_URL: podUrl }): ApiConfig | undefined => (url ? { url, podUrl } : undefined),
  missing: ({ NQBA_API_URL: url, NQBA_API_POD_URL: podUrl }) => [
    podUrl && !url && 'NQBA_API_URL is missing, but NQBA_API_POD_URL is set',
  ],
  connect: connectApi,
  checks: [
    {
      name: 'The NQBA API',
      variable: 'NQBA_API_URL',
      address: api => api.address,
      activity: 'probe',
      input: { url: 'api' },
      inside: 'api from inside',
      outside: 'api from outside',
    },
  ],
});
