/** The workloads take the credentials of IPFS from this Secret, one after the other, also where none has taken them yet. */

import type { Effect } from '../../workflows/contract/action.ts';
import type { Deployment } from '../connectors/resources.ts';
import type { ActionContext, Carried, Proof, Setting } from '../engine/action.ts';
import { snapshotOf, workloadTarget } from '../engine/kubernetes-targets.ts';
import { readWorkload, rolledOut } from '../engine/rollout.ts';
import { toSet } from '../engine/write.ts';
import { stopped } from '../failures.ts';
import { lostWith } from '../kubernetes/restart.ts';
import { credentialWorkloads, ipfsOf, type PlacedWorkload } from '../platform.ts';
import { type Credentials, credentialsIn, type Unusable } from './credentials.ts';

interface Named {
  secret: string;
}

interface View {
  credentials: Credentials | Unusable;
  workloads: { place: PlacedWorkload; deployment: Deployment }[];
}

export const usingCredentials: Setting<Named, View> = {
  name: 'useSecret',
  look: async ({ secret }, { kubernetes, deps }) => ({
    credentials: await credentialsIn(kubernetes, deps, secret),
    workloads: await Promise.all(
      credentialWorkloads(deps.platform).map(async place => ({ place, deployment: await readWorkload(kubernetes, place) })),
    ),
  }),
  draft({ credentials, workloads }, { secret }, { deps, call }) {
    if ('type' in credentials) throw stopped(credentials.type, `${credentials.text} Nothing was changed.`);
    const { keys, env } = ipfsOf(deps.platform).credentials ?? {};
    if (!keys || !env) throw stopped('BadInput', 'The platform description has no ipfs.credentials. Nothing was changed.');
    return workloads.flatMap(({ place, deployment }) => {
      const values = {
        [`${env.id} of ${place.container}`]: `${secret}/${keys.id}`,
        [`${env.secret} of ${place.container}`]: `${secret}/${keys.secret}`,
      };
      return toSet(snapshotOf(workloadTarget(place), deployment), values, { action: 'useSecret', key: call.key });
    });
  },
  words: ({ credentials, workloads }, { secret }, { deps }) => ({
    summary: `The credentials of IPFS come from Secret ${secret}.`,
    consequences: [
      `One after the other: ${workloads.map(({ place }) => place.name).join(', ')}. Where one fails, all are put back.`,
      ...lostWith(
        workloads.map(({ place }) => place),
        deps.platform,
      ),
    ],
    restsOn: 'digest' in credentials ? [{ what: 'credentials, digest', value: credentials.digest }] : [],
    done: `The workloads take the credentials of IPFS from Secret ${secret}.`,
    nothing: { note: `The workloads took them from Secret ${secret} already: nothing was changed.`, measured: true },
  }),
  asks: async () => 'An infrastructure lead approves which workloads restart with other credentials.',
  inTurn: {
    prove: ({ name }, { workloads }, context) => proofOf(name, workloads, context),
    failed: fault =>
      `Switching to the new Secret failed: ${fault} All workloads were switched back. Fix what failed, then retry.`,
  },
  measure: async (view, input, _context, carried) => measured(view, input, carried),
};

async function proofOf(name: string, workloads: View['workloads'], { kubernetes, deps, running }: ActionContext): Promise<Proof> {
  const seen = workloads.find(({ place }) => place.name === name);
  const [unfinished] = seen ? await rolledOut(kubernetes, [workloadTarget(seen.place)], deps, running) : [`${name} is gone.`];
  if (unfinished !== undefined) return { fault: unfinished, text: unfinished, whole: false };
  return { text: `The pods of ${name} are new.`, whole: true };
}

/** The provider took them before anything was written; that the code sends them encoded, test pins of the pods alone can prove. */
function measured({ credentials }: View, { secret }: Named, { proofs }: Carried): Effect {
  const texts = proofs.map(({ text }) => text);
  const accepted = 'digest' in credentials ? [`The first IPFS provider takes the credentials in ${secret}.`] : [];
  return { measured: 'whole', text: [...texts, ...accepted].join(' ') };
}
