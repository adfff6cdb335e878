// The open database and the network that a command works on.

import { rememberNetworks } from '#networks/index.ts'
import type { Config } from '#platform/config.ts'
import { inScope, openDatabase, type Db, type OpenDatabase } from '#platform/db/index.ts'
import type { Network } from '#platform/http/index.ts'
import { readCatalogues, type Words } from '#platform/i18n/index.ts'
import path from 'node:path'
import { WrongUse, type Command, type Invocation } from './command.ts'

/** The option of every command on a network's data. */
export const networkOption = {
  network: { type: 'string', about: "the network's slug; not needed when there is only one" },
} as const satisfies Command['options']

/** Opens the database for the work and leaves it afterwards, whatever happens. */
export async function withDatabase<T>(
  config: Config,
  work: (database: OpenDatabase) => Promise<T>,
  { migrating = false } = {},
): Promise<T> {
  const database = await openDatabase(config, { migrating, connections: 6 })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** Runs the work as `waypost_job` in the network that the command names, in one transaction. */
export async function inNetwork<T>(invocation: Invocation, work: (db: Db, network: Network) => Promise<T>): Promise<T> {
  return withNetwork(invocation, (database, network) =>
    inScope(database.kysely, { role: 'job', networkId: network.id }, (db) => work(db, network)),
  )
}

/** The database and the network that the command names; for work that makes transactions of its own. */
export async function withNetwork<T>(
  invocation: Invocation,
  work: (database: OpenDatabase, network: Network) => Promise<T>,
): Promise<T> {
  return withDatabase(invocation.config, async (database) => work(database, await chosenNetwork(database, invocation)))
}

/** Throws WrongUse when there is none, several and none named, or none of that name. */
async function chosenNetwork(database: OpenDatabase, invocation: Invocation): Promise<Network> {
  const networks = await rememberNetworks(database.kysely, () => new Date()).all()
  const slug = invocation.option('network')
  const slugs = networks.map((network) => network.slug).join(', ')
  if (slug !== undefined) {
    const named = networks.find((network) => network.slug === slug)
    if (!named) throw new WrongUse(`There is no network ${slug}. There are: ${slugs || 'none yet'}.`)
    return named
  }
  const [only] = networks
  if (!only) throw new WrongUse('There is no network yet. Make one with ./waypost network create.')
  if (networks.length > 1) throw new WrongUse(`Say which network with --network: ${slugs}.`)
  return only
}

/** What a command says is English; reasons and sentences have their words in the catalogues already. */
export function englishWords(): Words {
  return readCatalogues(path.join(import.meta.dirname, '..')).in('en')
}
