// The engine that learns, loaded when there is something to learn: a start pays nothing for it.

import type { Engine } from '#evidence/index.ts'

/** Beside the thread that answers requests, which does none of the fitting. */
const learningThreads = 2

export function engineOnDemand(): Engine {
  const load = async () => (await import('#evidence/engine/network-engine.run.ts')).networkEngine(learningThreads)
  return {
    read: async (db, options) => (await load()).read(db, options),
    learn: async (table, options) => (await load()).learn(table, options),
  }
}
