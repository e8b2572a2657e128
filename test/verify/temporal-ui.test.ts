/** A P0, an operation and two ways back, worked by people through the Temporal UI alone; API server, stand-ins and history say what came of it. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AutoscalingV2Api, KubeConfig } from '@kubernetes/client-node';
import { begin, images } from '../../lab/scenarios/bad-rollout.ts';
import { api, apiIsServed, as, jobsThatWait, until } from '../../lab/scenarios/ground.ts';
import { factsOf } from '../support/guide-facts.ts';
import { historyOf, sentIn } from '../support/temporal-history.ts';
import { TemporalUi, withoutChromium } from '../support/temporal-ui.ts';
import { Tour } from '../support/touring.ts';

const ann = '{"by":"ann"}';
const rollback = 'if-needed-rollback-to-last-known-good-version';
const outage = 'update-status-page';
const operational = 'update-status-page-operational';
const because = 'workers is a whole number from 2 to 10, not 99';
const floor = 'horizontalpodautoscalers/nqba-worker';

let tour: Tour;
let ui: TemporalUi;

describe('the Temporal UI', { skip: withoutChromium }, () => {
  before(async () => {
    tour = await Tour.start();
    ui = await TemporalUi.open(tour.platform.environment);
  });
  after(async () => {
    await ui?.close();
    await tour?.stop();
  });

  const history = (workflowId: string) => historyOf(tour.platform.environment, workflowId);
  const isOver = async (workflowId: string) =>
    (await history(workflowId)).at(-1)?.eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED';

  /** Our own writes, by the audit log of the API server. */
  const written = async (since: Date) =>
    (await tour.platform.writes(since, ['nqba-runbooks'])).map(({ resource, name }) => `${resource}/${name}`);

  /** As the public page is served. */
  const isOperational = async (since: Date) => (await factsOf(tour.platform, since)).isOperational;

  /** As the current details print it, with this choice and a name. */
  const answer = async (question: string, choice: string) =>
    ui.send('Update', 'decide', await ui.answerFor(question, choice, 'ann'));

  const imageOfTheApi = async () => {
    const { spec } = await as('lab', tour.ground).apps.readNamespacedDeployment(api);
    return spec?.template.spec?.containers[0]?.image;
  };

  const floorOfTheWorkers = async () => {
    const config = new KubeConfig();
    config.loadFromFile(tour.ground.kubeconfigs.you);
    const autoscalers = config.makeApiClient(AutoscalingV2Api);
    const { spec } = await autoscalers.readNamespacedHorizontalPodAutoscaler({ name: 'nqba-worker', namespace: api.namespace });
    return spec?.minReplicas;
  };

  test('a P0 is acknowledged, its plan is read and approved, and only then is the API rolled back', async () => {
    await begin(tour.ground, () => undefined);
    const since = new Date();
    await tour.alerted('PlatformUnavailable');
    const incident = await ui.find(/^incident:p0-critical-incident-response:/);
    await ui.send('Signal', 'acknowledge', ann);
    assert.match(await ui.board(new RegExp(`"question":"${rollback}"`)), new RegExp(images.good));
    const wrong = JSON.stringify({ question: rollback, choice: 'aprove', by: 'ann' });
    assert.equal(await ui.refused('decide', wrong), 'choose one of: approve, skip, done by hand');
    assert.deepEqual([await written(since), await imageOfTheApi()], [[], images.bad]);
    await answer(outage, 'approve');
    await until('the public page tells of the outage', async () => !(await isOperational(since)));
    assert.deepEqual(await written(since), []);
    await answer(rollback, 'approve');
    await apiIsServed(tour.ground);
    assert.deepEqual([await written(since), await imageOfTheApi()], [['deployments/nqba-api'], images.good]);
    await answer(operational, 'approve');
    await until('the public page says operational', () => isOperational(since));
    await tour.said('practice', 'alert', 'PlatformUnavailable', '--resolved');
    await until('the incident is over', () => isOver(incident));
    const decisions = Array.from({ length: 4 }, () => 'update decide');
    assert.deepEqual(sentIn(await history(incident)), ['signal acknowledge', ...decisions]);
    assert.deepEqual(await written(since), ['deployments/nqba-api']);
  });

  test('an operation is refused with the words of the command line, started by the form, cancelled by the button, and undone', async () => {
    const since = new Date();
    const before = await floorOfTheWorkers();
    const taskQueue = tour.platform.environment.RUNBOOKS_TASK_QUEUE ?? '';
    const form = { type: 'quantumWorkloadScaling', taskQueue };
    assert.match(await ui.notStarted({ ...form, id: 'operation:broken', input: '{ "input": {' }), /valid JSON/);
    const tooMany = 'operation:quantum-workload-scaling-99';
    await ui.start({ ...form, id: tooMany, input: '{ "input": { "workers": 99 } }' });
    await ui.find(tooMany);
    await ui.shows(`Nothing begins: ${because}`);
    const { stderr } = await tour.platform.cli('start', 'quantum-workload-scaling', '--workers', '99');
    assert.ok(stderr.includes(because), stderr);
    const events = await history(tooMany);
    assert.equal(events.at(-1)?.workflowExecutionFailedEventAttributes?.failure.message, `Nothing begins: ${because}`);
    assert.ok(events.every(({ eventType }) => eventType !== 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED'));
    assert.deepEqual(await written(since), []);

    const id = 'operation:quantum-workload-scaling-by-form';
    await ui.start({ ...form, id, input: '{ "input": { "workers": 4 } }' });
    await until('four workers are the floor', async () => (await floorOfTheWorkers()) === 4);
    await ui.find(id);
    await ui.requestCancellation();
    await answer('undo-or-leave', 'undo');
    await until('the floor is what it was', async () => (await floorOfTheWorkers()) === before);
    await until('the operation is over', () => isOver(id));
    assert.deepEqual(await written(since), [floor, floor]);
  });

  test('a change that would end by itself later is taken back at once', async () => {
    const before = await floorOfTheWorkers();
    await tour.platform.set('api', 'busy');
    await until('more than 100 jobs wait', async () => (await jobsThatWait(tour.ground)) > 100);
    const since = new Date();
    await tour.alerted('JobQueueDeep');
    await until('the floor is raised', async () => (await floorOfTheWorkers()) !== before);
    const takeBack = await ui.find(/^take-back:/);
    await ui.send('Update', 'acknowledge', ann);
    await until('the floor is what it was', async () => (await floorOfTheWorkers()) === before);
    await until('it is over', () => isOver(takeBack));
    assert.deepEqual(sentIn(await history(takeBack)), ['update acknowledge']);
    assert.deepEqual(await written(since), [floor, floor]);
  });
});
