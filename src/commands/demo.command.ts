// `demo`: the invented network.

import fs from 'node:fs'
import path from 'node:path'
import type { Application } from '#app.ts'
import { demoPartnerLink, demoSlug, fillDemo, type DemoSignIn } from '#demo/index.ts'
import { listNetworks } from '#networks/index.ts'
import type { Config } from '#platform/config.ts'
import type { OpenDatabase } from '#platform/db/index.ts'
import { RefusedInput, type Command } from './command.ts'
import { withDatabase } from './runtime.ts'

export const demoCommand: Command = {
  name: 'demo',
  summary: 'fills an empty database with the invented demonstration network',
  usage: '[--seed 1]',
  positionals: [],
  options: { seed: { type: 'string', about: 'another number makes other people (default 1)' } },
  async run({ config, option, progress }) {
    const seed = Number(option('seed') ?? 1)
    return withDatabase(
      config,
      async (database) => {
        const networks = await listNetworks(database.kysely)
        if (networks.some((network) => network.isDemo))
          throw new RefusedInput('The demonstration network is there already.')
        if (networks.length > 0)
          throw new RefusedInput('There is a real network here: the demonstration is never put beside one.')
        const signIns = await makeDemo(config, database, { seed, progress })
        return { exit: 0, document: { signIns }, lines: signInLines(signIns) }
      },
      { migrating: true },
    )
  },
}

/** On the first run of the embedded database, when it holds no network at all. */
export async function prepareDemo(
  config: Config,
  database: OpenDatabase,
  progress: (words: string) => void,
): Promise<void> {
  const networks = await listNetworks(database.kysely)
  if (networks.length > 0) return
  await makeDemo(config, database, { seed: 1, progress })
}

/** What `serve` says of the demonstration: who may sign in, and a partner's link made anew at each start. */
export async function demoGreeting(
  config: Config,
  database: OpenDatabase,
  application: Application,
): Promise<string[]> {
  const demo = (await application.networks.all()).find((network) => network.slug === demoSlug && network.isDemo)
  if (!demo) return []
  const signIns = readSignIns(config)
  const link = await demoPartnerLink(database.kysely, application.keys, {
    networkId: demo.id,
    publicUrl: config.publicUrl,
  })
  return [...signInLines(signIns), ...(link ? [`  a partner's link   ${link}`] : [])]
}

async function makeDemo(
  config: Config,
  database: OpenDatabase,
  { seed, progress }: { seed: number; progress: (words: string) => void },
): Promise<DemoSignIn[]> {
  progress('Filling the demonstration network (once)…')
  const signIns = await fillDemo(database, { seed, now: new Date(), dataFolder: config.dataFolder })
  fs.mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 })
  fs.writeFileSync(signInFile(config), JSON.stringify(signIns, null, 2), { mode: 0o600 })
  return signIns
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
