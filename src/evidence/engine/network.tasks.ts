// Learning as one task of a thread: what lies between the fits (joining, describing, packing) takes seconds, and whoever asked
// has pages to serve meanwhile.

import { withoutRareArms } from '../dataset/keep-rows.ts'
import type { LearningTable } from '../dataset/learning-table.ts'
import { keepEngineModel, packModelBytes, readEngineModel, unpackModelBytes } from '../model-file/index.ts'
import { startMeasuring } from '#platform/cost.ts'
import type { Term } from '../policy/terms.ts'
import type { Card } from './card.ts'
import { foretell, type Foretold } from './foretell.ts'
import { learnEvidence } from './learn.run.ts'
import { NothingToLearn } from './prepared.ts'

/** Fewer known outcomes of a service than these say next to nothing; the same as the classic estimator asks. */
const fewestKnown = 100

/** progress: done and of, written as the work goes on. */
export interface NetworkShared {
  readonly table: LearningTable
  readonly seed: number
  readonly terms: readonly Term[]
  readonly threads: number
  readonly progress: Int32Array
}

/** Errors lose their class on the way between threads, so a table that teaches nothing is an answer. */
export type NetworkAnswer =
  | { readonly isLearned: true; readonly card: Card; readonly bytes: Uint8Array }
  | { readonly isLearned: false; readonly why: string }

export async function learnNetwork(
  { table, seed, terms: said, threads, progress }: NetworkShared,
  _task: null,
): Promise<NetworkAnswer> {
  const cost = startMeasuring()
  const onProgress = (done: number, of: number) => progress.set([done, of])
  try {
    const { table: common } = withoutRareArms(table, fewestKnown)
    const terms = said.filter(({ arm }) => common.arms.includes(arm))
    const learned = await learnEvidence(common, { seed, threads, terms, onProgress })
    const card = { ...learned.card, ...cost(), threads }
    return { isLearned: true, card, bytes: packModelBytes(keepEngineModel(learned.model, card)) }
  } catch (error) {
    if (error instanceof NothingToLearn) return { isLearned: false, why: error.message }
    throw error
  }
}

/** Null: a model of another version of the engine. Throws for damaged bytes. */
export function foretellEpisodes(
  { bytes, table }: { readonly bytes: Uint8Array; readonly table: LearningTable },
  _task: null,
): Foretold | null {
  const file = unpackModelBytes(bytes)
  const read = file.ok ? readEngineModel(file.value) : file
  if (read.ok) return foretell(read.value, table)
  if (read.problem.reason === 'other_engine' || read.problem.reason === 'newer') return null
  throw new Error(`The kept model cannot be read: ${read.problem.reason}.`)
}
