// A small pool of threads. It decides where tasks run, never what they answer: the same with 0, 1 or many threads.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { countProgress, type Progress, type ProgressCount } from './progress.ts'
import type { FromThread, ToThread } from './protocol.ts'
import { shareBuffers } from './share-buffers.ts'
import { leaveIfStopped, Stopped } from './stopped.ts'
import { findTask, type TaskFunction, type TaskModule } from './task-modules.ts'

export interface PoolOptions {
  /** 0: everything in the calling thread, which answers to others between tasks. */
  readonly threads: number
  readonly signal?: AbortSignal | undefined
  /** The most JavaScript heap of one thread; typed arrays do not count. Node's own limit when left out. */
  readonly heapMiB?: number | undefined
}

/** One function over many tasks. shared: plain objects of typed arrays; what does not lie in shared memory yet is copied
 *  there for the run, so share once (`shareBuffers`) what several runs use, and whatever tasks are to write to. */
export interface Run<Shared, Task> {
  readonly module: TaskModule
  readonly name: string
  readonly shared: Shared
  readonly tasks: readonly Task[]
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

type SharedOf<F> = F extends (shared: infer Shared, task: never) => unknown ? Shared : never
type TaskOf<F> = F extends (shared: never, task: infer Task) => unknown ? Task : never
type AnswerOf<F> = F extends (shared: never, task: never) => infer Answer ? Awaited<Answer> : never

export interface Pool {
  readonly threads: number
  /** Does all tasks; answers in their order. F: the type of the function, `typeof import('./forest.tasks.ts').growTree`. */
  run<F extends TaskFunction>(run: Run<SharedOf<F>, TaskOf<F>>): Promise<AnswerOf<F>[]>
}

/** A task threw; the cause is what it threw. The pool is closed. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed'
}

/** A thread ended before its work was done: out of memory, or ended from within. The pool is closed. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost'
}

/** With so many tasks a thread still to come, one waits in each thread beyond the one it is at: quick tasks then lose no time
 *  to messages. With fewer none waits, or it would wait behind a long one while another thread is idle. */
const manyPerThread = 8
/** In the calling thread, others get their turn about this often. */
const turnMilliseconds = 25

/**
 * Opens a pool for the work and ends its threads afterwards, whatever happens. Threads start when there are tasks for them.
 * Rejects with Stopped when the signal says so (tasks in threads are broken off), TaskFailed or ThreadLost.
 */
export async function withPool<T>(options: PoolOptions, work: (pool: Pool) => Promise<T>): Promise<T> {
  const { threads, signal } = options
  if (!Number.isInteger(threads) || threads < 0 || threads > 256)
    throw new RangeError('threads is a whole number from 0 to 256')
  leaveIfStopped(signal)
  if (threads === 0) return work({ threads, run: (run) => runHere(run, signal) })
  const crew = new Crew(threads, options.heapMiB)
  const stop = () => crew.fail(new Stopped())
  signal?.addEventListener('abort', stop, { once: true })
  try {
    return await work({ threads, run: (run) => crew.run(run) })
  } finally {
    signal?.removeEventListener('abort', stop)
    await crew.close()
  }
}

/** One run in a pool of its own. Several runs go better in one `withPool`: starting a thread costs about a tenth of a second. */
export function runTasks<F extends TaskFunction>(
  run: Run<SharedOf<F>, TaskOf<F>> & PoolOptions,
): Promise<AnswerOf<F>[]> {
  return withPool(run, (pool) => pool.run<F>(run))
}

async function runHere<Answer>(run: Run<unknown, unknown>, signal: AbortSignal | undefined): Promise<Answer[]> {
  const perform = await findTask(run.module, run.name)
  const progress = countProgress(run.tasks.length)
  const answers: unknown[] = []
  let turn = performance.now()
  for (const [index, task] of run.tasks.entries()) {
    if (performance.now() - turn >= turnMilliseconds) {
      await nextTurn()
      turn = performance.now()
    }
    leaveIfStopped(signal)
    try {
      answers.push(await perform(run.shared, task))
    } catch (error) {
      throw taskFailed(run, index, error)
    }
    run.onProgress?.(progress.advance())
  }
  return answers as Answer[]
}

function taskFailed({ module, name, tasks }: Run<unknown, unknown>, index: number, cause: unknown): TaskFailed {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new TaskFailed(`task ${index + 1} of ${tasks.length} of ${module}.${name} failed: ${reason}`, { cause })
}

interface OpenRun {
  readonly id: number
  readonly run: Run<unknown, unknown>
  readonly shared: unknown
  readonly answers: unknown[]
  readonly progress: ProgressCount
  readonly settle: { resolve(answers: unknown[]): void; reject(error: Error): void }
  next: number
  missing: number
}

interface Member {
  readonly worker: Worker
  readonly told: Set<number>
  inThread: number
}

/** The threads and what they are at. A failure of one fails all runs and ends all threads. */
class Crew {
  readonly #most: number
  readonly #heapMiB: number | undefined
  readonly #members: Member[] = []
  readonly #runs = new Map<number, OpenRun>()
  #failure: Error | null = null
  #nextId = 0

  constructor(most: number, heapMiB: number | undefined) {
    this.#most = most
    this.#heapMiB = heapMiB
  }

  async run<Answer>(run: Run<unknown, unknown>): Promise<Answer[]> {
    if (this.#failure) throw this.#failure
    const count = run.tasks.length
    if (count === 0) return []
    const { promise, resolve, reject } = Promise.withResolvers<unknown[]>()
    const id = this.#nextId++
    this.#runs.set(id, {
      ...{ id, run, shared: shareBuffers(run.shared), answers: new Array<unknown>(count) },
      ...{ progress: countProgress(count), settle: { resolve, reject }, next: 0, missing: count },
    })
    this.#orFail(() => this.#deal())
    return (await promise) as Answer[]
  }

  fail(error: Error): void {
    if (this.#failure) return
    this.#failure = error
    for (const { settle } of this.#runs.values()) settle.reject(error)
    this.#runs.clear()
    for (const { worker } of this.#members) void worker.terminate()
  }

  async close(): Promise<void> {
    this.fail(new Error('the pool is closed'))
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()))
  }

  /** What goes wrong outside the tasks (a task that cannot be sent, a listener that throws) ends the pool as well. */
  #orFail(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** Hands out tasks, the oldest run first, until every thread has enough to do. */
  #deal(): void {
    for (const open of this.#runs.values()) {
      while (open.next < open.run.tasks.length) {
        const member = this.#leastBusy(open.run.tasks.length - open.next)
        if (!member) return
        this.#give(member, open)
      }
    }
  }

  #leastBusy(left: number): Member | null {
    const least = this.#members.toSorted((a, b) => a.inThread - b.inThread)[0]
    if (least?.inThread === 0) return least
    if (this.#members.length < this.#most) return this.#startThread()
    return least?.inThread === 1 && left > manyPerThread * this.#most ? least : null
  }

  #give(member: Member, open: OpenRun): void {
    const { id, run, shared } = open
    const post = (message: ToThread) => member.worker.postMessage(message)
    if (!member.told.has(id)) {
      member.told.add(id)
      post({ kind: 'begin', run: id, module: run.module, name: run.name, shared })
    }
    const index = open.next++
    member.inThread++
    post({ kind: 'task', run: id, index, task: run.tasks[index] })
  }

  #startThread(): Member {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      // A thread computes: it needs no setting, and least of all a secret.
      ...{ env: {}, execArgv: ['--disable-warning=ExperimentalWarning'], name: 'waypost-compute' },
      ...(this.#heapMiB === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: this.#heapMiB } }),
    })
    const member: Member = { worker, told: new Set(), inThread: 0 }
    worker.on('message', (message: FromThread) => this.#orFail(() => this.#hear(member, message)))
    worker.on('messageerror', (cause) => this.fail(new ThreadLost("a thread's answer cannot be read", { cause })))
    worker.on('error', (cause) => this.fail(threadLost(cause)))
    worker.on('exit', (code) => this.fail(new ThreadLost(`a thread ended before its work was done (code ${code})`)))
    this.#members.push(member)
    return member
  }

  #hear(member: Member, message: FromThread): void {
    const open = this.#runs.get(message.run)
    if (!open) return
    member.inThread--
    if (message.kind === 'failure') return this.fail(taskFailed(open.run, message.index, message.error))
    open.answers[message.index] = message.answer
    open.missing--
    this.#deal()
    open.run.onProgress?.(open.progress.advance())
    if (open.missing > 0) return
    this.#runs.delete(open.id)
    for (const { worker, told } of this.#members)
      if (told.delete(open.id)) worker.postMessage({ kind: 'end', run: open.id } satisfies ToThread)
    open.settle.resolve(open.answers)
  }
}

function threadLost(cause: unknown): ThreadLost {
  const isOutOfMemory = (cause as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY'
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new ThreadLost(isOutOfMemory ? 'a thread ran out of memory' : `a thread failed: ${reason}`, { cause })
}
