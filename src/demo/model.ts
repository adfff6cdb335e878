// What the engine learned from the invented past, through the steps that a network takes: reviewed by the evaluator, put in use
// by the administrator.

import {
  askForLearning,
  engineModels,
  keepFitted,
  keepStep,
  latestLearning,
  learnedInputs,
  learnJob,
  type Engine,
} from '#evidence/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { Network, Work } from '#platform/http/index.ts'
import type { NetworkId, StaffId } from '#platform/ids.ts'
import type { JobQueue } from '#platform/jobs/queue.ts'
import { listStaff } from '#staff/index.ts'
import type { DemoColleague } from './staff.ts'

const notes = {
  review: 'The people are invented and their truth is known. The checks and the groups were read.',
  approval: 'For the demonstration.',
} as const

type Colleagues = readonly Pick<DemoColleague, 'id' | 'roles'>[]

/** Learns and puts in use. The same episodes and seed give the same model. */
export async function fillModel(
  { db, network, now }: Work,
  { engine, staff, seed }: { engine: Engine; staff: readonly DemoColleague[]; seed: number },
): Promise<void> {
  const table = await engine.read(db)
  const { signal } = new AbortController()
  const learned = await engine.learn(table, { seed, signal, onProgress: () => undefined })
  const fitted = { ...learned, inputs: learnedInputs(table), askedBy: colleagueWith('evaluator', staff), now }
  await putInUse(db, network.id, { model: await keepFitted(db, network.id, fitted), staff, now })
}

/** Asks for the demonstration's model, in the evaluator's name, unless there is one, or is being one, or somebody stopped it.
 *  As the job. True: it was asked for. */
export async function askForDemoModel(
  db: Db,
  network: Network,
  { queue, now }: { readonly queue: JobQueue; readonly now: Date },
): Promise<boolean> {
  const last = await latestLearning(db)
  // Stopped by nobody, its server ended: it begins again.
  const isOver = (await engineModels(db)).length > 0 || (last?.result === 'stopped' && last.isStopping)
  if (isOver) return false
  const askedBy = colleagueWith('evaluator', await listStaff(db))
  const learningId = await askForLearning(db, network.id, { askedBy, now })
  if (learningId === null) return false
  await queue.send(db, learnJob, { networkId: network.id, learningId })
  return true
}

/** The demonstration's first model is reviewed and put in use by its own people at once; any later one waits, as everywhere. */
export async function approveDemoModel(
  db: Db,
  network: Network,
  { model, now }: { readonly model: Model; readonly now: Date },
): Promise<void> {
  if (network.isDemo && model.version === 1) await putInUse(db, network.id, { model, staff: await listStaff(db), now })
}

type Model = Awaited<ReturnType<typeof keepFitted>>

async function putInUse(
  db: Db,
  networkId: NetworkId,
  { model, staff, now }: { model: Model; staff: Colleagues; now: Date },
): Promise<void> {
  const step = { modelId: model.id, now }
  const evaluator = { actorId: colleagueWith('evaluator', staff), note: notes.review }
  const administrator = { actorId: colleagueWith('administrator', staff), note: notes.approval }
  await keepStep(db, networkId, { ...step, ...evaluator, to: 'reviewed', event: 'reviewed' })
  await keepStep(db, networkId, { ...step, ...administrator, to: 'in_use', event: 'put_in_use' })
}

function colleagueWith(role: 'evaluator' | 'administrator', staff: Colleagues): StaffId {
  const colleague = staff.find(({ roles }) => roles.includes(role))
  if (!colleague) throw new Error(`The demonstration has no ${role}.`)
  return colleague.id
}
