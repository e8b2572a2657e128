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
      code: "app.post('/alertmanager',",
      becomes: "const known: object[] = []; app.post('/alertmanager',",
    },
    {
      file: 'client/intake/app.ts',
      code: 'await decide(body.data.alerts, text)',
      becomes:
        "await decide([...body.data.alerts, ...(known.push(...body.data.alerts.map(Object)), body.data['status'] === 'resolved' ? known.map(one => ({ ...one, status: 'resolved', endsAt: '' })) : [])], text)",
    },
  ],
  'roll-over drops a vote': inKit(
    'incident/incident',
    'return { state: shortened(this.state) }',
    'return { state: shortened({ ...this.state, questions: this.state.questions.map((asked, index, all) => index === all.length - 1 ? { ...asked, answer: undefined } : asked) }) }',
  ),
  'undo in forward order': inKit('words/take-back', 'of latestFirst(changed.filter(which))', 'of changed.filter(which)'),
};
