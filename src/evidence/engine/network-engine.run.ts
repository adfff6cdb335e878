// The engine on a network's own episodes: read as the job, learned in threads, packed for the database.

import { readEpisodesTable } from '../dataset.store.ts'
import { withoutRareArms } from '../dataset/keep-rows.ts'
import type { Engine } from '../life/engine.ts'
import { keepEngineModel, packModelBytes } from '../model-file/index.ts'
import { startMeasuring } from '#platform/cost.ts'
import { learnEvidence } from './learn.run.ts'

/** Fewer known outcomes of a service than these say next to nothing; the same as the classic estimator asks. */
const fewestKnown = 100

/** threads: how many learn beside the process that serves. */
export function networkEngine(threads: number): Engine {
  return {
    read: async (db, options) => (await readEpisodesTable(db, options)).table,
    async learn(table, { seed, signal, onProgress }) {
      const cost = startMeasuring()
      const { table: common } = withoutRareArms(table, fewestKnown)
      const learned = await learnEvidence(common, { seed, threads, signal, onProgress })
      const card = { ...learned.card, ...cost(), threads }
      return { card, bytes: packModelBytes(keepEngineModel(learned.model, card)) }
    },
  }
}
