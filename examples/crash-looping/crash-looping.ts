import { runbook } from 'nqba-runbooks/kit';

const steady = { every: '1 minute', for: '10 minutes', atLeast: 5 } as const;

/** Containers of the API start, die and start again. */
export const crashLooping = runbook('Crash Looping', async ({ phase, step, check, watch, task, ask, remedy }, alert) => {
  await phase('Immediate Response', { by: '5 minutes' }, () =>
    Promise.all([
      step('Declare Incident').comms.declareIncident({ title: 'Crash Looping' }),
      step('Notify Team').oncall.page({ roles: ['primary', 'platform'] }),
    ]),
  );

  const investigate = () =>
    phase('Investigation', { by: '30 minutes' }, async () => {
      const [changes] = await Promise.all([
        check('Review Recent Changes').kubernetes.rollouts({ workloads: ['api'], before: alert.startsAt }),
        check('Probe the API').observe.probe({ url: 'api' }),
      ]);
      const change = changes.facts?.change;
      return change
        ? { proposed: 'Our Change' as const, why: `${change.what} was changed by ${change.who} just before.`, ruledOut: [] }
        : { why: changes.evidence, ruledOut: changes.verdict === 'healthy' ? ['Ruled out our changes.'] : [] };
    });

  const causes = {
    async 'Our Change'() {
      await task('Take the change back', { owner: 'platform', confirm: 'The change is taken back' });
    },
    async 'Too Little Memory'() {
      const way = await ask('How much more memory?', ['half as much again', 'twice as much', 'none yet'], {
        owner: 'platform',
        because: 'The containers were killed for their memory.',
        otherwise: 'none yet',
        by: '30 minutes',
      });
      if (way === 'none yet') return;
      await task('Raise the memory limit', { owner: 'platform', confirm: `The limit is raised: ${way}` });
    },
  };

  await remedy(investigate, causes, { owner: 'commander', recovered: recovery });
  await task('Write down why', { owner: 'platform', confirm: 'The ticket says why it crashed', blocks: false });

  function recovery() {
    return phase('Recovery', () => watch('Verify the API', steady).observe.probe({ url: 'api' }));
  }
});
