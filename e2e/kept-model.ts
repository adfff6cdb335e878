// A model of the engine as it would have been learned, put into a running demonstration: learning one takes half a minute.

import { approveDemoModel } from '#demo/index.ts'
import { keepFitted, learnedInputs } from '#evidence/index.ts'
import { aCard, aTable } from '#evidence/engine/card.factory.ts'
import { listNetworks } from '#networks/index.ts'
import { readConfig } from '#platform/config.ts'
import { inScope, openDatabase } from '#platform/db/index.ts'
import { settingsFor, type Running } from './waypost.ts'

/** Keeps two: the first in use by the demonstration's own people, the second fitted and waiting. They are there to be looked at and
 *  rank nobody: their bytes are none of a model. */
export async function keepModels({ dataFolder }: Running): Promise<void> {
  const database = await openDatabase(readConfig(settingsFor(dataFolder)))
  try {
    const network = (await listNetworks(database.kysely)).find(({ isDemo }) => isDemo)
    if (!network) throw new Error('There is no demonstration to keep a model in.')
    const fitted = { card: aCard(), bytes: Buffer.from('no model'), inputs: learnedInputs(aTable()), askedBy: null }
    await inScope(database.kysely, { role: 'job', networkId: network.id }, async (db) => {
      for (const now of [new Date(Date.now() - 60_000), new Date()]) {
        const model = await keepFitted(db, network.id, { ...fitted, now })
        await approveDemoModel(db, network, { model, now })
      }
    })
  } finally {
    await database.close()
  }
}
