import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  leaveIfStopped,
  runTasks,
  shareBuffers,
  Stopped,
  TaskFailed,
  ThreadLost,
  withPool,
  type Progress,
} from './index.ts'
import type * as practice from './practice.tasks.ts'
import { findTask, taskModules } from './task-modules.ts'

const values = Float64Array.from({ length: 500 }, (_, i) => Math.sin(i))
const draws = (count: number) => ({
  ...{ module: 'practice' as const, name: 'drawSum', shared: { values, seed: 3 } },
  tasks: Array.from({ length: count }, (_, index) => ({ index, count: 5 + (index % 11) })),
})

test('0, 1, 2 and 4 threads give the same answers in the order of the tasks', async () => {
  const here = await runTasks<typeof practice.drawSum>({ ...draws(40), threads: 0 })
  expect(here.map(({ index }) => index)).toEqual(Array.from({ length: 40 }, (_, i) => i))
  for (const threads of [1, 2, 4])
    expect(await runTasks<typeof practice.drawSum>({ ...draws(40), threads })).toEqual(here)
})

test('tasks that end out of order still answer in order', async () => {
  const tasks = [60, 1, 40, 1, 20, 1]
  for (const threads of [0, 3])
    expect(
      await runTasks<typeof practice.waitFor>({ module: 'practice', name: 'waitFor', shared: null, tasks, threads }),
    ).toEqual(tasks)
})

test('runs one after another and beside each other share the threads of a pool', async () => {
  const alone = await runTasks<typeof practice.drawSum>({ ...draws(30), threads: 0 })
  await withPool({ threads: 2 }, async (pool) => {
    expect(await pool.run<typeof practice.drawSum>(draws(30))).toEqual(alone)
    const [first, second] = await Promise.all([
      pool.run<typeof practice.drawSum>(draws(30)),
      pool.run<typeof practice.drawSum>(draws(7)),
    ])
    expect(first).toEqual(alone)
    expect(second).toEqual(alone.slice(0, 7))
    expect(await pool.run<typeof practice.drawSum>(draws(0))).toEqual([])
  })
})

test('what threads write to shared places is seen by all', async () => {
  const shared = shareBuffers({ places: new Int32Array(20) })
  const tasks = Array.from({ length: 20 }, (_, i) => i)
  await runTasks<typeof practice.markPlace>({ module: 'practice', name: 'markPlace', shared, tasks, threads: 2 })
  expect([...shared.places]).toEqual(tasks.map((i) => i + 1))
})

test('progress counts every task once', async () => {
  for (const threads of [0, 2]) {
    const told: Progress[] = []
    await runTasks<typeof practice.drawSum>({ ...draws(12), threads, onProgress: (each) => told.push(each) })
    expect(told.map(({ done }) => done)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
    expect(told.at(-1)).toMatchObject({ done: 12, of: 12, secondsLeft: 0 })
  }
})

test('a signal ends the work at once with Stopped, tasks in threads included', async () => {
  for (const threads of [0, 2]) {
    const stop = new AbortController()
    const tasks = [20, 20, 20, ...(threads > 0 ? [60_000, 60_000] : []), 20, 20]
    let done = 0
    const work = runTasks<typeof practice.waitFor>({
      ...{ module: 'practice', name: 'waitFor', shared: null, tasks, threads, signal: stop.signal },
      onProgress: () => ++done === 2 && stop.abort(),
    })
    await expect(work).rejects.toThrow(Stopped)
    expect(done).toBeLessThan(tasks.length)
  }
})

test('a signal given before the work keeps it from starting', async () => {
  const signal = AbortSignal.abort()
  await expect(withPool({ threads: 2, signal }, () => expect.unreachable())).rejects.toThrow(Stopped)
})

test('long work between tasks is left once the signal says so, and not before', () => {
  const stop = new AbortController()
  expect(() => leaveIfStopped(stop.signal)).not.toThrow()
  expect(() => leaveIfStopped(undefined)).not.toThrow()
  stop.abort()
  expect(() => leaveIfStopped(stop.signal)).toThrow(Stopped)
})

test('a task that throws says which it was and why, whatever the threads', async () => {
  const tasks = [0, 1, 2, 3]
  for (const threads of [0, 2]) {
    const work = runTasks<typeof practice.failAt>({
      ...{ module: 'practice', name: 'failAt', shared: { place: 2 }, tasks, threads },
    })
    const failure = await work.catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TaskFailed)
    expect(failure).toMatchObject({ message: 'task 3 of 4 of practice.failAt failed: the table has no rows' })
    expect((failure as Error).cause).toBeInstanceOf(RangeError)
  }
})

test('a pool that failed takes no more work', async () => {
  await withPool({ threads: 1 }, async (pool) => {
    const failing = pool.run<typeof practice.failAt>({
      ...{ module: 'practice', name: 'failAt', shared: { place: 0 }, tasks: [0] },
    })
    await expect(failing).rejects.toThrow(TaskFailed)
    await expect(pool.run<typeof practice.drawSum>(draws(1))).rejects.toThrow(TaskFailed)
  })
})

test('a thread that ends before its work is done is said to be lost', async () => {
  const work = runTasks<typeof practice.endThread>({
    ...{ module: 'practice', name: 'endThread', shared: null, tasks: [null], threads: 1 },
  })
  await expect(work).rejects.toThrow(new ThreadLost('a thread ended before its work was done (code 7)'))
})

test('a thread that runs out of memory takes only its pool with it', async () => {
  const work = runTasks<typeof practice.fillMemory>({
    ...{ module: 'practice', name: 'fillMemory', shared: null, tasks: [null] },
    ...{ threads: 1, heapMiB: 24 },
  })
  await expect(work).rejects.toThrow(new ThreadLost('a thread ran out of memory'))
})

test('only what stands on the list can be run', async () => {
  for (const threads of [0, 1]) {
    const run = (name: string) => runTasks<typeof practice.drawSum>({ ...draws(1), name, threads })
    await expect(run('toString')).rejects.toThrow('the task module practice has no function toString')
    const foreign = { ...draws(1), module: '../commands/serve.command.ts' as 'practice', threads }
    await expect(runTasks<typeof practice.drawSum>(foreign)).rejects.toThrow('there is no task module')
  }
})

test('every module on the list is there', async () => {
  for (const module of taskModules)
    await expect(findTask(module, 'no such function')).rejects.toThrow('has no function')
})

test('a task that cannot be sent to a thread fails the run', async () => {
  const tasks = [{ index: 0, count: 1, unsendable: () => 1 }]
  const work = runTasks<typeof practice.drawSum>({ ...draws(1), tasks, threads: 1 })
  await expect(work).rejects.toThrow('could not be cloned')
})

test('a listener that throws ends the work with its error', async () => {
  const onProgress = () => {
    throw new Error('nobody listens')
  }
  for (const threads of [0, 1])
    await expect(runTasks<typeof practice.drawSum>({ ...draws(3), threads, onProgress })).rejects.toThrow('nobody')
})

test('the number of threads is a whole number from 0 on', async () => {
  for (const threads of [-1, 1.5, Number.NaN, 1000])
    await expect(withPool({ threads }, () => expect.unreachable())).rejects.toThrow(RangeError)
})

test('shared memory holds the values, and an array that occurs twice only once', () => {
  fc.assert(
    fc.property(fc.float64Array(), fc.int16Array(), fc.string(), (numbers, small, word) => {
      const original = { numbers, deep: [{ small, word, nothing: null, again: numbers }] }
      const shared = shareBuffers(original)
      expect(shared).toEqual(original)
      expect(shared.numbers.buffer).toBeInstanceOf(SharedArrayBuffer)
      expect(shared.deep[0]!.again).toBe(shared.numbers)
      expect(shareBuffers(shared).numbers).toBe(shared.numbers)
    }),
    { numRuns: 50 },
  )
})

test('a window on a larger buffer is shared by itself', () => {
  const window = Float64Array.of(1, 2, 3, 4).subarray(1, 3)
  const shared = shareBuffers(window)
  expect([...shared]).toEqual([2, 3])
  expect(shared.buffer.byteLength).toBe(16)
})

test('what a thread could not use is refused with its place', () => {
  expect(() => shareBuffers({ model: [{ grow: () => 1 }] })).toThrow('shared.model[0].grow cannot be shared')
  expect(() => shareBuffers({ when: new Date() })).toThrow('shared.when cannot be shared')
})
