// Learning on request, which takes minutes and may be stopped; and the weekly look at what has drifted.

import { setTimeout as pause } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { Stopped } from '#compute/index.ts'
import { inScope, type Database, type Db } from '#platform/db/index.ts'
import type { Work } from '#platform/http/index.ts'
import { parseId, type NetworkId } from '#platform/ids.ts'
import type { JobData } from '#platform/jobs/queue.ts'
import type { Job } from '#platform/jobs/worker.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import type { ModelId } from '../models.store.ts'
import { calibrationSince, type Calibration } from './calibration.ts'
import { driftSince, fewestRows, learnedInputs } from './drift.ts'
import { keepDrift, looksAt, watchedModels } from './drift.store.ts'
import type { Engine } from './engine.ts'
import type { LearnedInputs } from './learned-inputs.ts'
import { beginLearning, endLearning, mayKeep, noteProgress, type Learning } from './learnings.store.ts'
import { engineBytes, keepFitted, type KeptEngineModel } from './life.store.ts'

export const learnJob = 'evidence.learn'
export const driftJob = 'evidence.drift'

/** So that who looks sees it move, and a stop is heard. */
const beatMs = 1000
/** Why the work was stopped, where it was on request. */
const asked = 'somebody asked'
/** The same episodes give the same model. */
const usualSeed = 1

export type OnFitted = (db: Db, networkId: NetworkId, model: KeptEngineModel) => Promise<void>

export interface LearningTools {
  readonly kysely: Kysely<Database>
  readonly now: () => Date
  readonly engine: Engine
  /** What else happens when a model was kept, in the same transaction, as the job. */
  readonly onFitted?: OnFitted | undefined
  readonly beatMs?: number
}

export function evidenceJobs(tools: LearningTools): readonly Job[] {
  return [
    // One try: who asked sees that it failed, and asks again.
    { name: learnJob, isLong: true, tries: 1, run: (data: JobData) => learnOnRequest(tools, data) },
    // Early on Monday, when nobody waits.
    { name: driftJob, schedule: '20 3 * * 1', run: (work: Work) => lookForDrift(work, tools.engine) },
  ]
}

/** Compares what became known since with what each model that is not retired learned from. */
export async function lookForDrift({ db, network, now }: Work, engine: Engine): Promise<void> {
  for (const { id, learnedAt, inputs } of await watchedModels(db)) {
    const since = await engine.read(db, { since: learnedAt })
    const calibration = since.rows < fewestRows ? null : await calibrationOf(db, engine, { id, inputs, since })
    const report = driftSince(inputs, since, calibration)
    await keepDrift(db, network.id, { modelId: id, lookedAt: now, report })
  }
}

/** Null: the model was made by another version of the engine, so nothing more can be told by it. */
async function calibrationOf(
  db: Db,
  engine: Engine,
  { id, inputs, since }: { id: ModelId; inputs: LearnedInputs; since: LearningTable },
): Promise<Calibration | null> {
  const bytes = await engineBytes(db, id)
  if (!bytes) throw new Error('The kept model has lost its bytes.')
  const foretold = await engine.foretell(bytes, since)
  return foretold && calibrationSince(inputs, since, { foretold, looks: (await looksAt(db, id)) + 1 })
}

/** Reads, learns outside any transaction, and keeps the model only if nobody asked to stop: then it was never there. */
async function learnOnRequest(tools: LearningTools, data: JobData): Promise<void> {
  const { kysely, now, engine } = tools
  const networkId = parseId<'network'>(data.networkId)
  const id = parseId<'evidence_learning'>(data.learningId)
  if (!networkId || !id) throw new Error('A learning was asked for without saying which.')
  const act = <T>(work: (db: Db) => Promise<T>) => inScope(kysely, { role: 'job', networkId }, work)
  const learning = await act((db) => beginLearning(db, id, now()))
  if (!learning) return
  const stop = new AbortController()
  try {
    const table = await act((db) => engine.read(db))
    const learned = await beating({ ...tools, act, learning, stop }, (onProgress) =>
      engine.learn(table, { seed: usualSeed, terms: learning.terms, signal: stop.signal, onProgress }),
    )
    const fitted = { ...learned, inputs: learnedInputs(table), askedBy: learning.askedBy }
    await act(async (db) => {
      const kept = (await mayKeep(db, id)) ? await keepFitted(db, networkId, { ...fitted, now: now() }) : null
      if (kept) await tools.onFitted?.(db, networkId, kept)
      await endLearning(db, id, { result: kept ? 'learned' : 'stopped', modelId: kept?.id ?? null, now: now() })
    })
  } catch (error) {
    // Asked for, or the server ends.
    const isStopped = stop.signal.reason === asked || error instanceof Stopped
    await act((db) => endLearning(db, id, { result: isStopped ? 'stopped' : 'failed', modelId: null, now: now() }))
    if (!isStopped) throw error
  }
}

interface Beating extends LearningTools {
  readonly act: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  readonly learning: Learning
  readonly stop: AbortController
}

/** Tells how far the work is, each second, until it ends, and stops it when somebody asks. */
async function beating<T>(
  { act, learning, stop, now, beatMs: every = beatMs }: Beating,
  work: (onProgress: (done: number, of: number) => void) => Promise<T>,
): Promise<T> {
  const progress = { done: 0, of: 0 }
  const ended = new AbortController()
  const beat = async () => {
    while (!ended.signal.aborted) {
      const goesOn = await act((db) => noteProgress(db, learning.id, { ...progress, now: now() }))
      if (!goesOn) return stop.abort(asked)
      await pause(every, undefined, { signal: ended.signal }).catch(() => undefined)
    }
  }
  const working = work((done, of) => Object.assign(progress, { done, of })).finally(() => ended.abort())
  // Whichever fails first is told; a heart that stops because the database does stops the work too.
  const beats = beat().catch((error: unknown) => {
    stop.abort()
    throw error
  })
  const [result] = await Promise.all([working, beats])
  return result
}
