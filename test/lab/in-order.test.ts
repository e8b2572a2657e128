// What was started is stopped, the last first, whether or not everything came up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inOrder } from '../../lab/in-order.ts';

/** Servers that start when they are told to, and a record of who was stopped. */
function servers() {
  const stopped: string[] = [];
  const server = (name: string) => ({ name, stop: async () => void stopped.push(name) });
  return { stopped, server };
}

test('what was started in order is stopped in reverse, once', async () => {
  const { stopped, server } = servers();
  const running = await inOrder(async keep => {
    const first = await keep(Promise.resolve(server('etcd')));
    await keep(Promise.resolve(server('kube-apiserver')));
    return { first: first.name };
  });
  assert.equal(running.first, 'etcd');
  await running.stop();
  await running.stop();
  assert.deepEqual(stopped, ['kube-apiserver', 'etcd']);
});

test('where one does not start, the others are stopped before that is told, also one that comes up late', async () => {
  const { stopped, server } = servers();
  const late = Promise.withResolvers<ReturnType<typeof server>>();
  const starting = inOrder(async keep => {
    await keep(Promise.resolve(server('etcd')));
    await Promise.all([keep(late.promise), keep(Promise.reject(new Error('no disk')))]);
    return {};
  });
  setImmediate(() => late.resolve(server('temporal')));
  await assert.rejects(starting, { message: 'no disk' });
  assert.deepEqual(stopped, ['temporal', 'etcd']);
});
