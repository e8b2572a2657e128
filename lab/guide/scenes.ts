// The scenes of the guided incident, in the order in which an outage goes.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cut } from '../../client/cli/text.ts';
import type { Question, Report, StepReport } from '../../workflows/contract/index.ts';
import { LabError } from '../lab-error.ts';
import { answered, answerUntil } from './answering.ts';
import { settledStep } from './following.ts';
import { bobChangesTheWorker, deliver, setSystem } from './outage.ts';
import { messagesSince, writesSince } from './proof.ts';
import { tellReport } from './report.ts';
import type { Stage } from './stage.ts';
import { changeRows, heading, stepLine, table } from './telling.ts';
import type { Practice } from '../practice/start.ts';

const run = promisify(execFile);

export async function twoSendersDeliver(
  environment: Practice['environment'],
  firedAt: Date,
): Promise<{ incident: string; absorbed: number }> {
  const senders = Array.from({ length: 50 }, (_, index) => `alertmanager-${index % 2}`);
  const answers = await Promise.all(senders.map(sender => deliver(environment, { firedAt, sender })));
  const results = answers.flatMap(({ alerts }) => alerts);
  const [incident, ...others] = new Set(results.map(result => result.incident));
  if (incident === undefined || others.length > 0)
    throw new LabError(`Fifty deliveries became ${others.length + 1} incidents: ${JSON.stringify(results[0])}`);
  return { incident, absorbed: results.length - 1 };
}

/** Down for some seconds only, PagerDuty would be back before the first page on a slow machine. */
export async function pagerDutyComesBack({ practice, following }: Stage) {
  await following.until('the page that fails', ({ undelivered }) => undelivered.find(({ system }) => system === 'pager'));
  await setSystem(practice.environment, 'pagerduty', 'healthy');
}

export async function immediateResponse({ say, yes, following }: Stage) {
  heading(say, 3, 'Immediate Response, side by side');
  const { report, breaker } = await following.until('the circuit breaker', found => {
    const settled = settledStep(found, 'Activate Circuit Breaker');
    return settled && { report: found, breaker: settled };
  });
  for (const step of report.steps.filter(({ phase }) => phase === 'Immediate Response')) say(stepLine(atFirst(step)));
  say(
    '  PagerDuty answers 503 until the page has failed: it is tried again beside everything else, the next level is paged, and nothing waits.',
  );
  say('  What the breaker changed, with each key before and after:');
  table(say, changeRows(breaker.changes));
  say('  Who is on it says so, here or on the pager; whoever answers a question has said so too:');
  say(`    runbooks ack ${following.name} --as YOU`);
  if (!yes) return;
  // Acknowledged sooner, no one else would be paged.
  await following.until('the page to the next level', ({ steps }) => steps.find(isNextLevel));
  await following.acknowledge('ann');
  say('  --yes: ann acknowledges, and commands the incident.');
}

const isNextLevel = ({ title, state }: StepReport) => title.includes('no one was reached') && state === 'done';

/** What is measured is told in the next scene. */
const atFirst = (step: StepReport): StepReport => ({
  ...step,
  because: step.state === 'running' ? 'being sent, nothing waits for it' : step.because,
  evidence: step.effect?.measured === 'nothing to measure' ? step.evidence : '',
});

export async function measured({ say, following }: Stage) {
  heading(say, 4, 'Measured, not assumed');
  const breaker = await following.until('the measurement', report => settledStep(report, 'Activate Circuit Breaker'));
  say(`  ${breaker.effect?.measured}: ${breaker.effect?.text}`);
  const second = await following.until('the second public text', report => settledStep(report, 'Update Status Page: measured'));
  const text = second.changes.find(({ field }) => field === 'text')?.after;
  say(`  Only now the second public text (${second.state}): ${text ?? second.because}`);
}

export async function workerIsKilled({ say, practice, since, following }: Stage) {
  heading(say, 5, 'kill -9 of the worker');
  const { pid } = practice.worker;
  process.kill(pid, 'SIGKILL');
  say(`  Killed process ${pid}. It is started again and carries on from the history.`);
  const rollouts = (await writesSince(auditLogOf(practice), since)).filter(
    ({ resource, name }) => resource === 'deployments' && name === 'nqba-worker',
  );
  await following.until('the page', ({ times }) => times.paged);
  say(
    `  Rollouts of nqba-worker, by the audit log: ${rollouts.length}. Pages, by PagerDuty’s record: ${pages(practice, since).length}.`,
  );
}

export async function cause(stage: Stage) {
  const { say, following } = stage;
  heading(say, 6, 'Findings, a proposal, one question');
  const question = await following.until('the question of the cause', report => causesAsked(report)[0]);
  const { steps } = await following.report();
  table(say, findings(steps));
  if (question.evidence) say(`  ${question.evidence}`);
  await answerCause(stage, question);
}

const causesAsked = ({ questions }: Report) => questions.filter(({ title }) => title === 'What is the cause?');

/** The guide knows the cause; what bob has done in a former run may be proposed instead. */
async function answerCause(stage: Stage, question: Question) {
  const { answer } = question.answer ? question : await answered(stage, question, 'Dynex Platform Issue');
  stage.say(`  Answered by ${answer?.by}: ${answer?.choice}.`);
}

const findings = (steps: StepReport[]) =>
  steps.filter(({ phase }) => phase === 'Investigation').map(({ title, state, evidence }) => [title, state, cut(evidence, 100)]);

/** The provider's word is not believed: the first stage of the way back is a canary, and it comes back as a mock. */
export async function relapse(stage: Stage) {
  const { say, following, practice } = stage;
  heading(say, 7, 'A success that is none');
  say('  Dynex comes back, as its own page says. Now every look must stay healthy for 15 minutes, which are 15 seconds here.');
  await setSystem(practice.environment, 'dynex', 'mock');
  await answerUntil(stage, report => causesAsked(report).length > 1);
  const report = await following.report();
  const canary = settledStep(report, 'Gradual Rollback: canary');
  if (canary) say(stepLine(canary));
  say('  Dynex says success, the answer is a mock: counted as failure. Jobs stay on the classical solvers, and no one is asked');
  say('  to approve a way back. What is the cause, after what was learnt?');
  const [, again] = causesAsked(report);
  if (again) await answerCause(stage, again);
}

export async function wayBack(stage: Stage) {
  const { say, practice } = stage;
  heading(say, 8, 'The way back is a plan that waits for approval');
  say('  Dynex fixes its solvers. Again every look must stay healthy for 15 seconds, and the canary too.');
  await setSystem(practice.environment, 'dynex', 'healthy');
  let planned = false;
  await answerUntil(stage, isRecovered, {
    async beforehand({ kind }) {
      if (kind === 'plan' && !planned) await bobInterferes(stage);
      planned ||= kind === 'plan';
    },
  });
}

export const isRecovered = ({ state }: Report) => state === 'resolved' || state === 'closed';

async function bobInterferes({ say, practice, since }: Stage) {
  const { KUBECONFIG_BOB } = practice.environment;
  if (KUBECONFIG_BOB === undefined) return;
  await bobChangesTheWorker(KUBECONFIG_BOB, `nqba/worker:${since.getTime()}`);
  say('  Meanwhile bob, with his own token and field manager, rolls out another image of nqba-worker.');
}

export async function ended({ say, following, practice }: Stage, firedAt: Date): Promise<Report> {
  heading(say, 9, 'Report');
  await deliver(practice.environment, { firedAt, endedAt: new Date(), sender: 'alertmanager-0' });
  const report = await following.until('the end', found => (found.state === 'closed' ? found : undefined));
  tellReport(say, report);
  return report;
}

export async function nothingLeft({ say, practice, following }: Stage) {
  heading(say, 10, 'Nothing is left to undo');
  const command = [
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, '../../client/cli/main.ts'),
    'undo',
    following.name,
    '--as',
    'ann',
  ];
  const { stdout } = await run(process.execPath, command, { env: { ...process.env, ...practice.environment } });
  for (const line of stdout.trimEnd().split('\n')) say(`  ${line}`);
  say('\nThree commands to try next:');
  say(`  runbooks report ${following.name}`);
  say('  runbooks practice set dynex mock --for 10m');
  say("  runbooks open dynex-outage --because 'I want to see it again'");
}

const pages = (practice: Practice, since: Date) =>
  messagesSince(practice.environment.MESSAGES ?? '', since).filter(
    ({ system, text }) => system === 'pagerduty' && text.startsWith('triggered'),
  );

const auditLogOf = ({ cluster }: Practice) => cluster.auditLog ?? '/dev/null';
