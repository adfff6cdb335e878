// The application: the only file that knows every feature. It mounts them in reading order.

import type { FastifyInstance } from 'fastify'
import path from 'node:path'
import type { Logger } from 'pino'
import {
  assessmentRoutes,
  followFile,
  installShippedInstruments,
  instrumentRoutes,
  profileOf,
  followSkills,
  skillRoutes,
} from '#assessment/index.ts'
import { casefileRoutes } from '#casefile/index.ts'
import {
  clientFacts,
  clientJobs,
  clientsRoutes,
  disclosuresOf,
  findClient,
  idsOfFile,
  type ClientHooks,
} from '#clients/index.ts'
import { directoryJobs, directoryRoutes, type Facts } from '#directory/index.ts'
import { evidenceJobs, evidenceRoutes, type Engine, type OnFitted } from '#evidence/index.ts'
import {
  holidaysRoutes,
  networksRoutes,
  rememberNetworks,
  sitesRoutes,
  type NetworkDirectory,
} from '#networks/index.ts'
import * as matching from '#matching/index.ts'
import { installShippedOccupations, occupationRoutes } from '#occupations/index.ts'
import * as outcomes from '#outcomes/index.ts'
import * as partners from '#partners/index.ts'
import { accountJobs, passkeySiteOf } from '#platform/accounts/index.ts'
import type { Config } from '#platform/config.ts'
import type { Db, OpenDatabase } from '#platform/db/index.ts'
import type { Work } from '#platform/http/index.ts'
import type { Room } from '#platform/http/sending.ts'
import { makeServer } from '#platform/http/server.ts'
import { readCatalogues } from '#platform/i18n/index.ts'
import type { ClientId, NetworkId } from '#platform/ids.ts'
import { makeBoss, sendWith, type JobQueue } from '#platform/jobs/queue.ts'
import { makeQueues, runOnce, startWorking, type Job } from '#platform/jobs/worker.ts'
import { keepConfirmations } from '#platform/mail/confirmations.ts'
import type { MailKind, MailTools } from '#platform/mail/mail.ts'
import { outboxRoutes } from '#platform/mail/outbox.routes.ts'
import { mailJobs } from '#platform/mail/sending.ts'
import { readKeys, type Keys } from '#platform/secrets.ts'
import { makeRenderer } from '#platform/ui/render.ts'
import * as referrals from '#referrals/index.ts'
import { followUpRoutes, ownRecommendationRoutes, ownReferralRoutes } from '#self-service/index.ts'
import * as staff from '#staff/index.ts'

export interface Application {
  readonly server: FastifyInstance
  readonly networks: NetworkDirectory
  readonly keys: Keys
  readonly queue: JobQueue
  /** Takes up background work, until the application is closed. */
  work(): Promise<void>
  /** Runs a job at once and waits for it: for commands and tests. */
  runJob(name: string, data?: Record<string, string>): Promise<void>
  /** Finishes requests and jobs in flight. */
  close(): Promise<void>
}

export interface ApplicationParts {
  readonly config: Config
  readonly database: OpenDatabase
  readonly log: Logger
  readonly now?: () => Date
  /** What learns from past episodes on request; null: only commands learn. */
  readonly engine?: Engine | null
  /** What else happens when it has made a model. */
  readonly onFitted?: OnFitted
}

export async function makeApplication({
  config,
  database,
  log,
  now = () => new Date(),
  engine = null,
  onFitted,
}: ApplicationParts): Promise<Application> {
  const { kysely, pool } = database
  const keys = readKeys(config.dataFolder, config.secret)
  const catalogues = readCatalogues(import.meta.dirname)
  const networks = rememberNetworks(kysely, now)
  const boss = makeBoss(pool, { working: false })
  boss.on('error', () => undefined)
  const common = {
    kysely,
    networks,
    keys,
    catalogues,
    queue: sendWith(boss),
    now,
    sendsMail: config.smtpUrl !== undefined,
  }

  const mail: MailTools = {
    kysely,
    config,
    catalogues,
    keys,
    kinds: mailKinds,
    networkOf: networks.byId,
    now,
    queue: common.queue,
    confirmations: keepConfirmations(path.join(config.dataFolder, 'mail-confirmed')),
    onFailure: (failed) => referrals.noteMailFailure(failed, now()),
  }
  const jobs: Job[] = [
    ...mailJobs(mail),
    ...accountJobs([staff.staffAccounts, partners.partnerAccounts]),
    ...directoryJobs({ kysely, networks, now }),
    ...clientJobs(fileHooks),
    ...referrals.referralJobs,
    ...referrals.capacityJobs,
    ...referrals.attachmentJobs({ ...common, clamdUrl: config.clamdUrl }),
    ...referrals.exchangeJobs({ ...common, ...config }),
    ...referrals.handoverJobs({ keys }),
    ...outcomes.outcomeJobs({ keys }),
    ...matching.choiceJobs,
    ...matching.waitJobs,
    ...matching.allocationJobs(common),
    ...(engine ? evidenceJobs({ ...common, engine, onFitted }) : []),
  ]

  const { app, routes } = await makeServer(
    {
      ...common,
      findStaffActor: staff.findActorBySession,
      findPartnerActor: partners.findPartnerBySession,
      partnerRooms,
      render: makeRenderer(),
      cookies: { path: '/', httpOnly: true, sameSite: 'lax', secure: config.publicUrl.startsWith('https:') },
      uploadFolder: path.join(config.dataFolder, 'uploads'),
      trustedProxies: config.trustedProxies,
    },
    log,
  )
  const accountTools = { keys, site: passkeySiteOf(config.publicUrl), locales: catalogues.locales }
  staff.signInRoutes(routes, accountTools)
  staff.accountRoutes(routes, accountTools)
  staff.membersRoutes(routes, { keys })
  networksRoutes(routes)
  sitesRoutes(routes)
  holidaysRoutes(routes, {
    onHolidaysChanged: (work) => work.enqueue(referrals.reclockJob, {}, { key: referrals.reclockJob }),
  })
  clientsRoutes(routes, fileHooks)
  directoryRoutes(routes)
  partners.partnersRoutes(routes, accountTools)
  instrumentRoutes(routes)
  assessmentRoutes(routes, {
    staffNames,
    onCompleted: async (scene, { clientId, assessmentId, answeredOn }) => {
      const facts = await factsOf(scene, clientId)
      await outcomes.openEpisode(scene, { clientId, assessmentId, day: answeredOn, facts })
      await referrals.completeRequests(scene, await idsOfFile(scene.db, clientId))
    },
  })
  occupationRoutes(routes)
  skillRoutes(routes, { staffNames })
  referrals.referralsRoutes(routes, {
    keys,
    catalogues,
    publicUrl: config.publicUrl,
    attachments: { uploadFolder: path.join(config.dataFolder, 'uploads'), isScanned: config.clamdUrl !== undefined },
    slots: {
      surroundingsOf: (scene, client, serviceId) => matching.fitForClient(scene.db, client, { serviceId, at: scene }),
      isRecommendationOf: async (scene, client, id) =>
        matching.isRecommendationOf(scene.db, await idsOfFile(scene.db, client.id), id),
    },
  })
  referrals.exchangeRoutes(app, common, config)
  referrals.connectionsRoutes(routes, { keys, ...config })
  referrals.incomingRoutes(routes)
  outcomes.outcomesRoutes(routes, { keys })
  evidenceRoutes(routes, { canLearn: engine !== null })
  matching.matchingRoutes(routes)
  matching.choicesRoutes(routes)
  matching.matchingSettingsRoutes(routes)
  matching.allocationRoutes(routes)
  matching.togetherRoutes(routes, { catalogues })
  matching.planRoutes(routes)
  matching.forClientRoutes(routes, { keys, catalogues, publicUrl: config.publicUrl })
  followUpRoutes(routes)
  ownReferralRoutes(routes, { keys, publicUrl: config.publicUrl })
  ownRecommendationRoutes(routes, { keys, catalogues })
  casefileRoutes(routes)
  outboxRoutes(routes, { ...mail, kindsToClients })

  await boss.start()
  await makeQueues(boss, jobs)
  let worker: ReturnType<typeof makeBoss> | undefined
  return {
    server: app,
    networks,
    keys,
    queue: common.queue,
    async work() {
      worker = makeBoss(pool, { working: true })
      worker.on('error', (error) => log.error({ kind: error.name }, 'jobs'))
      await worker.start()
      await startWorking(worker, jobs, { ...common, log })
    },
    async runJob(name, data) {
      const job = jobs.find((each) => each.name === name)
      if (!job) throw new Error(`There is no job ${name}.`)
      await runOnce(job, data ?? {}, common)
    },
    async close() {
      await app.close()
      await worker?.stop({ graceful: true, close: false, timeout: 20_000 })
      await boss.stop({ graceful: false, close: false })
    },
  }
}

const mailKinds: Readonly<Record<string, MailKind>> = {
  ...staff.staffMails,
  ...partners.partnerMails,
  ...referrals.referralMails,
  ...referrals.capacityMails,
  ...referrals.exchangeMails,
  ...referrals.handoverMails,
  ...matching.forClientMails,
  ...outcomes.outcomeMails,
  ...matching.choiceMails,
}

/** Where a signed-in partner goes; the first is where their day begins. */
const partnerRooms: readonly Room[] = [
  { href: '/inbox', key: 'referrals.inbox.title' },
  { href: '/team', key: 'partners.team.title' },
  { href: '/connections', key: 'referrals.exchange.title', leadOnly: true },
]

/** Mails to clients, whom administrators do not get to know. */
const kindsToClients: ReadonlySet<string> = new Set([
  ...Object.keys(outcomes.outcomeMails),
  ...Object.keys(matching.forClientMails),
  referrals.clientAppointmentMail,
])

/** What other features do in the same transaction when a client's file changes. */
const fileHooks: ClientHooks<Work> = {
  async onConsentWithdrawn(work, withdrawn) {
    await referrals.onConsentWithdrawn(work, withdrawn)
    await matching.onConsentWithdrawn(work, withdrawn)
  },
  onReassigned: referrals.onReassigned,
  partnerNames: ({ db }, ids) => partners.contactNames(db, ids),
  async onAccessChanged(work, changed) {
    for (const id of changed.clientIds) {
      const file = { id, siteId: changed.siteId, restrictedTo: changed.restrictedTo }
      await followFile(work.db, file)
      await followSkills(work.db, file)
    }
    await referrals.onAccessChanged(work, changed)
    await outcomes.onAccessChanged(work, changed)
    await matching.onAccessChanged(work, changed)
  },
}

/** Who works here, by id. */
async function staffNames(db: Db): Promise<ReadonlyMap<string, string>> {
  return new Map((await staff.listStaff(db)).map((member) => [member.id, member.name]))
}

/** Everything known of a client now, disclosures included: for evidence, where they remove confounding and never rank. */
async function factsOf({ db, now, today }: Pick<Work, 'db' | 'now' | 'today'>, clientId: ClientId): Promise<Facts> {
  const client = await findClient(db, clientId)
  if (!client) return {}
  const disclosures = await disclosuresOf(db, await idsOfFile(db, client.id))
  const known = clientFacts(client, today, disclosures)
  const { facts } = await profileOf(db, client.id, { asOf: now, on: today, known: known })
  return facts
}

/** What every new network begins with. Runs as `waypost_job`. */
export async function installNetwork(db: Db, networkId: NetworkId, now: Date): Promise<void> {
  await installShippedInstruments(db, networkId, now)
  await installShippedOccupations(db, networkId, now)
}
