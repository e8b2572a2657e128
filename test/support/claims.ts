/** What our words claim about the world, a row for each sentence; it knows nothing of the product. A sentence without a row is a violation too. */

/** The world at the end, as it was measured: by the API server and the stand-ins, or in a simulation. */
export interface Facts {
  /** Names of the objects that still carry a change of the incident, and which of them a recovered incident may leave. */
  standing: { object: string; mayStay: boolean }[];
  /** Jobs run on classical solvers because of a change of the incident that stands. */
  isRouted: boolean;
  /** The fallback carries a change of the incident. */
  isFallbackOurs: boolean;
  /** A change of the incident stands in the cluster, or the incident has ended it by its own way back. */
  isMitigated: boolean;
  /** Its symptom was gone when recovery was last measured: of an incident of Dynex, Dynex worked. */
  isSymptomGone: boolean;
  /** Whether the notice of the incident on the public page is open, and whether the page shows the component as operational. */
  isNoticeOpen: boolean;
  isOperational: boolean;
  /** Whether the incident changed anything at all. */
  hasChanged: boolean;
  isClosed: boolean;
}

/** Last words in each place; nothing where nothing was said. */
export interface Said {
  outcome?: string | undefined;
  public?: string | undefined;
  slack?: string | undefined;
  show?: string | undefined;
  undo?: string | undefined;
  state?: string | undefined;
  /** What stands, as the record names it. */
  record?: string | undefined;
  /** The record says that the last words did not reach Slack. */
  isSlackDown?: boolean;
}

type Place = Exclude<keyof Said, 'record' | 'isSlackDown'>;
/** What contradicts the claim; nothing where it is so. */
type Claim = (facts: Facts, said: Said) => string | false | undefined;
type Row = [words: RegExp, ...claims: Claim[]];

const nothingStands: Claim = ({ standing }) => {
  const left = standing.filter(({ mayStay }) => !mayStay).map(({ object }) => object);
  return left.length > 0 && `${left.join(', ')} still carries a change`;
};
const symptomGone: Claim = ({ isSymptomGone }) => !isSymptomGone && 'its symptom showed when recovery was last measured';
const onDynex: Claim = ({ isRouted }) => isRouted && 'our own fallback keeps jobs from Dynex';
const pageEnded: Claim = ({ isNoticeOpen, isOperational }) =>
  (isNoticeOpen || !isOperational) && 'the public page still shows it';
/** Its share is that of the time of the text; of now it claims that the change stands. */
const routed: Claim = ({ isFallbackOurs }) => !isFallbackOurs && 'no change of ours to the fallback stands';
const nothingChanged: Claim = ({ hasChanged }) => hasChanged && 'something was changed';
/** Whatever stands is named to people: in the record, and in Slack unless the record says that Slack was not reached. */
const named: Claim = ({ standing }, { slack = '', record = '', isSlackDown = false }) => {
  const isNamed = (object: string) => record.includes(object) && (isSlackDown || slack.includes(object));
  const unnamed = standing.filter(({ object, mayStay }) => !mayStay && !isNamed(object));
  return unnamed.length > 0 && `no one was told that ${unnamed.map(({ object }) => object).join(', ')} stands`;
};
const mitigated: Claim = ({ isMitigated }) => !isMitigated && 'every mitigation was undone';
const open: Claim = ({ isClosed }) => isClosed && 'the incident is closed';
const nothing: Claim = () => undefined;

const rows: Record<Place, Row[]> = {
  outcome: [
    [/^recovered$/, nothingStands, symptomGone, onDynex, pageEnded],
    [/^done$/, named],
    [/^observed$/, nothingChanged, nothingStands],
    [/^symptom not confirmed$/, nothingChanged, nothingStands],
    [/^cancelled by [^:]+: (undo|leave)$/, named],
    [/^cancelled by [^:]+$/, named],
    [/^close: leave them standing(: .*)?$/, named],
    [/^close: no mitigation was possible(: .*)?$/, named],
  ],
  public: [
    [/^.+ works again: jobs run on the quantum provider\. The incident is resolved\.$/, symptomGone, onDynex],
    [/^.+ works again: we have measured it from outside\. The incident is resolved\.$/, symptomGone],
    [
      /^.+ is degraded\. We have routed jobs to classical solvers: \d+% of the jobs we measured ran there\. We continue to investigate\.$/,
      routed,
      named,
    ],
    [/^.+ is degraded\. We are investigating and will update this page\.$/, named],
    [/^We are investigating reports that .+ does not answer\. We will update this page\.$/, named],
    [/^We are investigating a problem with .+\. We will write again when it is resolved\.$/, named],
    [/^The problem with .+ is resolved: we have measured that it works again\.$/, symptomGone],
    [/^Some jobs of .+ fail\. We are investigating and will update this page\.$/, named],
    [
      /^Jobs of .+ succeed again\. Please submit jobs again that failed during the incident\. The incident is resolved\.$/,
      symptomGone,
    ],
    [/^We have withdrawn our notice about .+\. It will not be updated any more\.$/, pageEnded],
  ],
  slack: [
    [/^Resolved: /, nothingStands, symptomGone, onDynex, pageEnded],
    [/^Closed, not resolved: /, named],
    [/^P\d \S+: [^:]+: (done\b|cancelled by )/, named],
    [/^P\d .+: /, open],
  ],
  show: [
    [/^none: /, nothing],
    [/^none measured: /, nothingStands, symptomGone, onDynex],
    [/^not known, because recovery was not measured: /, nothing],
    [/^P\d, the alert fired /, open],
  ],
  state: [
    [/^mitigated$/, mitigated],
    [/^(triggered|acknowledged|resolved|closed)$/, nothing],
  ],
  undo: [[/^(Nothing is left to undo\.|Nothing to undo: .*)$/m, nothingStands, pageEnded]],
};

/** Each claim that the facts contradict, and each sentence that no row knows. */
export function contradictions(said: Said, facts: Facts): string[] {
  return Object.entries(rows).flatMap(([place, known]) => {
    const words = said[place as Place];
    if (!words) return [];
    const row = known.find(([pattern]) => pattern.test(words));
    if (!row) return [`${place}: no row knows “${words}”`];
    const [, ...claims] = row;
    return claims.flatMap(claim => claim(facts, said) || []).map(because => `${place}: “${words}”, but ${because}`);
  });
}
