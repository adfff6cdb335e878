// `network create`, `staff invite`, `staff reset`, `migrate`, `status`: an operator's first day.

import { insertNetwork, listNetworks, newNetworkShape } from '#networks/index.ts'
import { makePasswordLink, passwordAddress } from '#platform/accounts/index.ts'
import { inScope, staffRoles, type Db, type StaffRole } from '#platform/db/index.ts'
import type { Network } from '#platform/http/index.ts'
import { readKeys } from '#platform/secrets.ts'
import { findStaffByEmail, insertStaff, staffAccounts } from '#staff/index.ts'
import { installNetwork } from '#app.ts'
import { RefusedInput, WrongUse, type Command, type Invocation, type Outcome } from './command.ts'
import { inNetwork, networkOption, withDatabase } from './runtime.ts'

export const migrateCommand: Command = {
  usage: '',
  positionals: [],
  options: {},
  run: ({ config }) =>
    withDatabase(
      config,
      async () => ({ exit: 0, document: { migrated: true }, lines: ['The database is up to date.'] }),
      { migrating: true },
    ),
}

export const statusCommand: Command = {
  usage: '',
  positionals: [],
  options: {},
  run: ({ config }) =>
    withDatabase(config, async ({ kysely, isEmbedded }) => {
      const networks = await listNetworks(kysely)
      const rows = []
      for (const network of networks) {
        rows.push(
          await inScope(kysely, { role: 'job', networkId: network.id }, async (db) => {
            const mails = await db
              .selectFrom('mail_messages')
              .select(['state', (eb) => eb.fn.countAll<number>().as('n')])
              .groupBy('state')
              .execute()
            return {
              slug: network.slug,
              name: network.name,
              isDemo: network.isDemo,
              mail: Object.fromEntries(mails.map((row) => [row.state, Number(row.n)])),
            }
          }),
        )
      }
      const lines = rows.map(
        (row) =>
          `${row.slug}: ${row.name}; mail: ${
            Object.entries(row.mail)
              .map(([state, n]) => `${n} ${state}`)
              .join(', ') || 'none'
          }`,
      )
      return {
        exit: 0,
        document: { isEmbedded, networks: rows },
        lines: lines.length > 0 ? lines : ['There is no network yet.'],
      }
    }),
}

export const networkCreateCommand: Command = {
  usage: '<slug> --name "…" --time-zone Europe/Zurich --admin name@example.org [--locale en]',
  positionals: ['<slug>'],
  options: {
    name: { type: 'string', about: 'as people call it' },
    'time-zone': { type: 'string', about: 'such as Europe/Zurich' },
    admin: { type: 'string', about: "the administrator's e-mail address" },
    locale: { type: 'string', about: 'the language of its pages (default en)' },
  },
  async run({ config, positionals, required, option }) {
    const shape = newNetworkShape.safeParse({
      slug: positionals[0],
      name: required('name'),
      timeZone: required('time-zone'),
      locale: option('locale') ?? 'en',
    })
    if (!shape.success) throw new WrongUse(`${shape.error.issues[0]?.message}.`)
    const email = required('admin').trim().toLowerCase()
    if (!/^\S+@\S+$/.test(email)) throw new WrongUse('--admin is no e-mail address.')
    const keys = readKeys(config.dataFolder, config.secret)
    return withDatabase(
      config,
      async (database) => {
        const networks = await listNetworks(database.kysely)
        if (networks.some((network) => network.slug === shape.data.slug))
          throw new RefusedInput(`There is a network ${shape.data.slug} already.`)
        if (networks.some((network) => network.isDemo))
          throw new RefusedInput(
            'The demonstration is here, and never stands beside a real network. Choose a fresh data folder or database.',
          )
        const now = new Date()
        const networkId = await insertNetwork(
          database.ownerConnection,
          { ...shape.data, holidays: [], isDemo: false },
          now,
        )
        const address = await inScope(database.kysely, { role: 'job', networkId }, async (db) => {
          await installNetwork(db, networkId, now)
          const staffId = await insertStaff(
            db,
            networkId,
            {
              name: email,
              email,
              roles: ['administrator'],
              locale: shape.data.locale,
              languages: [],
              siteIds: [],
              managedSiteIds: [],
            },
            now,
          )
          const making = { networkId, accountId: staffId, kind: 'invitation', now } as const
          const link = await makePasswordLink(db, staffAccounts, keys, making)
          return passwordAddress(staffAccounts, keys, link, { networkId, publicUrl: config.publicUrl })
        })
        return {
          exit: 0,
          document: { slug: shape.data.slug, link: address },
          lines: ['The network is made. Its administrator sets a password here, once, within seven days:', address],
        }
      },
      { migrating: true },
    )
  },
}

export const staffInviteCommand: Command = {
  usage: '<e-mail> --name "…" --role adviser [--network …]',
  positionals: ['<e-mail>'],
  options: {
    name: { type: 'string', about: "the person's name" },
    role: { type: 'string', about: staffRoles.join(', ') },
    ...networkOption,
  },
  async run(invocation) {
    const email = String(invocation.positionals[0]).trim().toLowerCase()
    const role = invocation.required('role')
    const name = invocation.required('name')
    if (!isRole(role)) throw new WrongUse(`--role is one of ${staffRoles.join(', ')}.`)
    if (!/^\S+@\S+$/.test(email)) throw new WrongUse(`${email} is no e-mail address.`)
    return makeLink(invocation, email, async (db, network) => {
      if (await findStaffByEmail(db, email))
        throw new RefusedInput('Somebody already has an account with this address. Use staff reset.')
      const staffId = await insertStaff(
        db,
        network.id,
        { name, email, roles: [role], locale: network.locale, languages: [], siteIds: [], managedSiteIds: [] },
        new Date(),
      )
      return { accountId: staffId, kind: 'invitation' }
    })
  },
}

export const staffResetCommand: Command = {
  usage: '<e-mail> [--network …]',
  positionals: ['<e-mail>'],
  options: networkOption,
  async run(invocation) {
    const email = String(invocation.positionals[0]).trim().toLowerCase()
    return makeLink(invocation, email, async (db) => {
      const member = await findStaffByEmail(db, email)
      if (!member || member.state === 'left') throw new RefusedInput('Nobody has an account with this address.')
      return { accountId: member.id, kind: member.state === 'invited' ? 'invitation' : 'reset' }
    })
  },
}

type FindAccount = (
  db: Db,
  network: Network,
) => Promise<{ readonly accountId: string; readonly kind: 'invitation' | 'reset' }>

function makeLink(invocation: Invocation, email: string, find: FindAccount): Promise<Outcome> {
  const { config } = invocation
  const keys = readKeys(config.dataFolder, config.secret)
  return inNetwork(invocation, async (db, network) => {
    const account = await find(db, network)
    const link = await makePasswordLink(db, staffAccounts, keys, { networkId: network.id, now: new Date(), ...account })
    const address = passwordAddress(staffAccounts, keys, link, { networkId: network.id, publicUrl: config.publicUrl })
    return { exit: 0, document: { email, link: address }, lines: ['The password is set here, once:', address] }
  })
}

function isRole(text: string): text is StaffRole {
  return (staffRoles as readonly string[]).includes(text)
}
