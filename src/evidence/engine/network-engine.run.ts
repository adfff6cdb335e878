// The engine on a network's own episodes: read as the job, learned in threads, packed for the database.

import { runTasks, shareBuffers } from '#compute/index.ts'
import { readEpisodesTable } from '../dataset.store.ts'
import type { Engine } from '../life/engine.ts'
import type * as tasks from './network.tasks.ts'
import { NothingToLearn } from './prepared.ts'

/** How often what a thread has written of its progress is told. */
const tellMilliseconds = 250

/** threads: how many fit. One more leads them, so that the calling thread only waits; 0: all in the calling thread. A table from
 *  which nothing can be learned is refused with NothingToLearn, a signal ends the work with Stopped. */
export function networkEngine(threads: number): Engine {
  return {
    read: async (db, options) => (await readEpisodesTable(db, options)).table,
    async learn(table, { seed, terms = [], signal, onProgress }) {
      const progress = shareBuffers(new Int32Array(2))
      const telling = setInterval(() => onProgress(progress[0]!, progress[1]!), tellMilliseconds)
      try {
        const [answer] = await runTasks<typeof tasks.learnNetwork>({
          ...{ module: 'network', name: 'learnNetwork', tasks: [null] },
          shared: { table, seed, terms, threads, progress },
          ...{ threads: Math.min(1, threads), signal },
        })
        if (!answer?.isLearned) throw new NothingToLearn(answer?.why)
        return answer
      } finally {
        clearInterval(telling)
      }
    },
    async foretell(bytes, table) {
      const [answer = null] = await runTasks<typeof tasks.foretellEpisodes>({
        ...{ module: 'network', name: 'foretellEpisodes', tasks: [null] },
        ...{ shared: { bytes: Uint8Array.from(bytes), table }, threads: Math.min(1, threads) },
      })
      return answer
    },
  }
}
