// `demo`: the invented network.

import fs from 'node:fs'
import path from 'node:path'
import type { Application } from '#app.ts'
import {
  approveDemoModel,
  askForDemoModel,
  demoPartnerLink,
  demoSlug,
  fillDemo,
  isDemoEmpty,
  type DemoSignIn,
} from '#demo/index.ts'
import type { OnFitted } from '#evidence/index.ts'
import { listNetworks } from '#networks/index.ts'
import type { Config } from '#platform/config.ts'
import { inScope, type OpenDatabase } from '#platform/db/index.ts'
import { partnerEntrance, signInAddress } from '#platform/http/index.ts'
import { readKeys } from '#platform/secrets.ts'
import { RefusedInput, WrongUse, type Command } from './command.ts'
import { withDatabase } from './runtime.ts'

export const demoCommand: Command = {
  usage: '[--seed 1]',
  positionals: [],
  options: { seed: { type: 'string', about: 'another number makes other people (default 1)' } },
  async run({ config, option, progress }) {
    const seed = Number(option('seed') ?? 1)
    if (!Number.isSafeInteger(seed)) throw new WrongUse('--seed is a whole number.')
    return withDatabase(
      config,
      async (database) => {
        const networks = await listNetworks(database.kysely)
        const [demo] = networks.filter((network) => network.isDemo)
        if (networks.length > (demo ? 1 : 0)) {
          throw new RefusedInput('There is a real network here: the demonstration is never put beside one.')
        }
        if (demo && !(await isDemoEmpty(database, demo)))
          throw new RefusedInput('The demonstration network is there already.')
        const signIns = await makeDemo(config, database, { seed, progress })
        return { exit: 0, document: { signIns }, lines: signInLines(signIns) }
      },
      { migrating: true },
    )
  },
}

/** On the first run of the embedded database, when it holds no network at all, or one that a killed start began. */
export async function prepareDemo(
  config: Config,
  database: OpenDatabase,
  progress: (words: string) => void,
): Promise<void> {
  const [first, ...others] = await listNetworks(database.kysely)
  const isBegun = first?.isDemo === true && others.length === 0 && (await isDemoEmpty(database, first))
  if (first && !isBegun) return
  await makeDemo(config, database, { seed: 1, progress })
}

/** Has the demonstration learn its model in the background, once: a start is not slower for it. */
export async function learnDemoModel(database: OpenDatabase, { networks, queue }: Application): Promise<void> {
  const network = (await networks.all()).find(({ isDemo }) => isDemo)
  if (!network) return
  await inScope(database.kysely, { role: 'job', networkId: network.id }, (db) =>
    askForDemoModel(db, network, { queue, now: new Date() }),
  )
}

/** What happens when a model was learned: the demonstration's first one is put in use by its own people. */
export function approvingDemo(database: OpenDatabase): OnFitted {
  return async (db, networkId, model) => {
    const network = (await listNetworks(database.kysely)).find(({ id }) => id === networkId)
    if (network) await approveDemoModel(db, network, { model, now: new Date() })
  }
}

/** What `serve` says of the demonstration: who may sign in, and a partner's link made anew at each start. */
export async function demoGreeting(
  config: Config,
  database: OpenDatabase,
  application: Application,
): Promise<string[]> {
  const network = (await application.networks.all()).find((each) => each.slug === demoSlug && each.isDemo)
  if (!network) return []
  const { keys } = application
  const link = await demoPartnerLink(database.kysely, { network, keys, publicUrl: config.publicUrl, now: new Date() })
  const partners = `  partners sign in   ${config.publicUrl}${signInAddress(partnerEntrance, network)}`
  return [...signInLines(readSignIns(config)), partners, ...(link ? [`  a partner's link   ${link}`] : [])]
}

async function makeDemo(
  config: Config,
  database: OpenDatabase,
  { seed, progress }: { seed: number; progress: (words: string) => void },
): Promise<readonly DemoSignIn[]> {
  progress('Filling the demonstration network (once):')
  return fillDemo(database, {
    ...{ seed, now: new Date(), keys: readKeys(config.dataFolder, config.secret) },
    onStep: (words) => progress(`  ${words}`),
    beforeCommit(signIns) {
      fs.mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 })
      fs.writeFileSync(signInFile(config), JSON.stringify(signIns, null, 2), { mode: 0o600 })
    },
  })
}

/** Invented people's passwords, random for each installation; kept so that every start can print them. */
function signInFile(config: Config): string {
  return path.join(config.dataFolder, 'demo-sign-ins.json')
}

function readSignIns(config: Config): DemoSignIn[] {
  try {
    return JSON.parse(fs.readFileSync(signInFile(config), 'utf8')) as DemoSignIn[]
  } catch {
    return []
  }
}

function signInLines(signIns: readonly DemoSignIn[]): string[] {
  if (signIns.length === 0) return []
  return [
    'The demonstration network. Its people are invented. Sign in as',
    ...signIns.map(({ role, email, password }) => `  ${role.padEnd(18)} ${email}  ${password}`),
  ]
}
