/** Mistakes that the simulation must notice. Each is found by its code alone: texts around it may change. */

export interface Edit {
  file: string;
  /** Stands in the file exactly once, white space aside. */
  code: string;
  becomes: string;
}
export type Planted = Edit[];

const kit = 'workflows/kit';
const one = (file: string, code: string, becomes: string): Planted => [{ file, code, becomes }];
const inKit = (file: string, code: string, becomes: string) => one(`${kit}/${file}.ts`, code, becomes);

export const planted: Record<string, Planted> = {
  'approval not bound to the digest': inKit(
    'words/outcome',
    "if (reason === 'held') return wait(",
    "if (reason === 'moved') return { again: { approved: plan.digest } }; if (reason === 'held') return wait(",
  ),
  'attempt in the key': inKit('words/outcome', 'const again = nothingDone ?', 'const again = true ?'),
  'clean-up not shielded': inKit(
    'words/step',
    'const settling = incident.nonCancellable.run(() =>',
    'const settling = (run => run())(() =>',
  ),
  'expiry means approve': inKit(
    'record/reducer',
    'answer: { choice: question.otherwise,',
    "answer: { choice: question.choices[0] ?? '',",
  ),
  'gap counts as healthy': one('activities/watching.ts', 'elapsed <= 2 * every + tolerance ? elapsed : 0', 'elapsed'),
  'key kept after nothing done': inKit('words/outcome', 'nextLetter(acting.key, acting.call.key)', 'acting.call.key'),
  'last decision wins': inKit(
    'record/decisions',
    'if (question.answer) return',
    'if (question.answer && question.withdrawn) return',
  ),
  'one alert ends all': inKit(
    'record/counted-alerts',
    'counted: known ? state.counted.with(index, next) : [...state.counted, next]',
    'counted: (known ? state.counted.with(index, next) : [...state.counted, next]).map(one => ({ ...one, status: alert.status }))',
  ),
  'resolved from a truncated group': [
    {
      file: 'client/intake/app.ts',
      code: 'const take =',
      becomes: 'const known: object[] = []; const take =',
    },
    {
      file: 'client/intake/app.ts',
      code: 'await decide(path, body, text)',
      becomes:
        "await decide(path, { ...body, alerts: [...body.alerts, ...(known.push(...body.alerts.map(Object)), JSON.parse(text).status === 'resolved' ? known.map(one => ({ ...one, status: 'resolved', endsAt: '' })) : [])] }, text)",
    },
  ],
  'roll-over drops a vote': inKit(
    'incident/incident',
    'return { state: shortened(this.state) }',
    'return { state: shortened({ ...this.state, questions: this.state.questions.map((asked, index, all) => index === all.length - 1 ? { ...asked, answer: undefined } : asked) }) }',
  ),
  'undo in forward order': inKit(
    'words/take-back',
    'of newestOfEach(latestFirst(changed.filter(which)))',
    'of newestOfEach(changed.filter(which))',
  ),
  'success is measured, not state': inKit(
    'lifecycle/standing',
    "if (finding.verdict !== 'healthy') return finding; const { standing",
    'if (finding.verdict !== undefined) return finding; const { standing',
  ),
  'an undo forgets the public page': inKit(
    'words/take-back',
    'step.takeBack !== undefined && step.takesBack === undefined',
    "step.takeBack !== undefined && step.takeBack.target.system !== 'status page' && step.takesBack === undefined",
  ),
  'what is undone outside is ignored': inKit(
    'record/reducer',
    'withUndone(state, key, by, at)',
    '(by === undefined ? withUndone(state, key, by, at) : state)',
  ),
  'what stands is not named': inKit('lifecycle/lifecycle', "await noteStanding(incident, 'closed');", ''),
  'what was left is told as resolved': inKit('lifecycle/runbook', 'resolved: false', 'resolved: true'),
  ...turned('record/commands', {
    'whoever says something hears that it is closed': ["state.state === 'closed'", "state.state !== 'closed'"],
    'another severity is the same': ['said.severity === state.severity', 'said.severity !== state.severity'],
    'whoever commands takes over': ["said.kind === 'take over' &&", "said.kind !== 'take over' &&"],
    'a phase that has begun is not found': [
      'const latest = phases.findLast(({ title }) => title === phase)',
      'const latest = phases.findLast(({ title }) => title !== phase)',
    ],
    'a phase that runs has ended': ['latest.ended !== undefined', 'latest.ended === undefined'],
    'a phase without limit is extended': ['latest.by === undefined', 'latest.by !== undefined'],
    'what is to come is past': ['until <= now', 'until > now'],
  }),
  ...turned('record/roles', {
    'management answers nothing': ["role === 'management'", "role !== 'management'"],
    'who is described is believed': ['roles === undefined ||', 'roles !== undefined ||'],
    'other names are the same': ['normal(one) === normal(other)', 'normal(one) !== normal(other)'],
    'a level does not command': ["return role === 'commander'", "return role !== 'commander'"],
  }),
  ...turned('record/alerts', {
    'before Recovery is in it': ['recoveriesBegan > recoveriesEnded', 'recoveriesBegan >= recoveriesEnded'],
    'in Recovery is before it': ['recoveriesBegan > recoveriesEnded', 'recoveriesBegan <= recoveriesEnded'],
    'an explanation is forgotten': ['const delivered = { ...alert, explained }', 'const delivered = alert'],
    'a beginning is no firing': ["const fires = alert.status === 'firing'", "const fires = alert.status !== 'firing'"],
  }),
  ...turned('record/explained', {
    'an end is explained, no beginning is': ["status === 'resolved'", "status !== 'resolved'"],
    'another action explains it': ['step.action?.type === mitigation.action', 'step.action?.type !== mitigation.action'],
    'the opposite of what was done explains it': ['?.[name] === value', '?.[name] !== value'],
  }),
  ...turned('incident/handlers', {
    'whatever is accepted is answered as refused': ['return refused === before ?', 'return refused !== before ?'],
  }),
  'what explains an alert is dropped': inKit(
    'incident/messages',
    'explained: explanationOf(state, alert)',
    'explained: undefined',
  ),
  ...turned('words/people', {
    'what was done is a follow-up': ['if (answer?.choice === later ||', 'if (answer?.choice !== later ||'],
  }),
  ...turned('lifecycle/resolution', {
    'an end is doubted though it is over': ["finding.verdict !== 'healthy'", "finding.verdict === 'healthy'"],
    'alerts that are counted each are checked twice': ['state.uncounted > 0', 'state.uncounted <= 0'],
  }),
  ...turned('lifecycle/close', {
    'recovery is not measured': ["incident.state.state === 'resolved'", "incident.state.state !== 'resolved'"],
    'people close what goes on': ['if (otherwise !== undefined)', 'if (otherwise === undefined)'],
    'what was changed was observed': [
      "incident.state.mode === 'observe' ? 'observed'",
      "incident.state.mode !== 'observe' ? 'observed'",
    ],
    'people close before it is checked': ['incident.state.nextCheck !== undefined', 'incident.state.nextCheck === undefined'],
    'recovery is checked without a pause': ["const again = verdict === 'healthy'", "const again = verdict !== 'healthy'"],
  }),
};

/** Comparisons of one file that are turned. */
function turned(file: string, bugs: Record<string, [code: string, becomes: string]>): Record<string, Planted> {
  return Object.fromEntries(Object.entries(bugs).map(([name, [code, becomes]]) => [name, inKit(file, code, becomes)]));
}
