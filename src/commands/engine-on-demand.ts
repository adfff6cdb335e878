// The engine that learns, loaded when there is something to learn: a start pays nothing for it.

import type { Engine } from '#evidence/index.ts'

/** Beside the thread that answers requests, which does none of the fitting. */
const learningThreads = 2

/** leaving: the process ends, and with it whatever is being learned. */
export function engineOnDemand(leaving: AbortSignal | null = null): Engine {
  const load = async () => (await import('#evidence/engine/network-engine.run.ts')).networkEngine(learningThreads)
  return {
    read: async (db, options) => (await load()).read(db, options),
    async learn(table, options) {
      const signal = leaving ? AbortSignal.any([options.signal, leaving]) : options.signal
      return (await load()).learn(table, { ...options, signal })
    },
    foretell: async (bytes, table) => (await load()).foretell(bytes, table),
  }
}
