// What the exchange does in the background: tells partners' systems, tries again, gives up in the open, and forgets.

import type { Kysely } from 'kysely'
import { contactsOf } from '#partners/index.ts'
import { inScope, type Database, type Db } from '#platform/db/index.ts'
import type { Network, Work } from '#platform/http/index.ts'
import { workIn, type WorkTools } from '#platform/http/work.ts'
import { parseId } from '#platform/ids.ts'
import type { Job } from '#platform/jobs/worker.ts'
import type { JobData } from '#platform/jobs/queue.ts'
import type { Keys } from '#platform/secrets.ts'
import { announceJob } from './announce.acts.ts'
import { basePath } from './codes.ts'
import { daysKept } from './incoming-referral.ts'
import { emptyDecided } from './incoming.store.ts'
import { bodyOf, daysOfFailing, nextTryAt, webhookTypes } from './webhook-event.ts'
import type { Resolve, TrustedHosts } from './webhook-address.guard.ts'
import { post, type Answered } from './webhook.client.ts'
import { signedHeaders } from './webhook.signing.ts'
import {
  findDelivery,
  findEndpoint,
  forgottenDeliveries,
  insertDelivery,
  removeOldDeliveries,
  saveEndpointState,
  saveTry,
  type WebhookDelivery,
  type WebhookDeliveryId,
  type WebhookEndpoint,
} from './webhooks.store.ts'

export const deliverJob = 'referrals.deliver'

export interface ExchangeTools extends WorkTools {
  readonly kysely: Kysely<Database>
  readonly networks: { byId(id: string): Promise<Network | null> }
  readonly keys: Keys
  readonly publicUrl: string
  readonly webhookHosts: TrustedHosts
  /** How names are looked up; the system's way when left out. */
  readonly resolve?: Resolve
  readonly timeoutMs?: number
}

const daysOfDeliveries = 30
const day = 86_400_000

export function exchangeJobs(tools: ExchangeTools): readonly Job[] {
  return [
    { name: announceJob, run: prepare },
    // It keeps its own ladder of tries, so that pauses are the same whatever the queue does; a slow receiver holds up no other.
    { name: deliverJob, isLong: true, tries: 1, atOnce: 8, run: (data: JobData) => deliver(tools, data) },
    {
      name: 'referrals.redeliver',
      schedule: '*/10 * * * *',
      async run(work: Work) {
        const due = new Date(work.now.getTime() - 10 * 60_000)
        for (const deliveryId of await forgottenDeliveries(work.db, due))
          await work.enqueue(deliverJob, { deliveryId }, { key: deliveryId })
      },
    },
    {
      name: 'referrals.exchange_forget',
      schedule: '40 2 * * *',
      async run(work: Work) {
        const emptied = await emptyDecided(work.db, new Date(work.now.getTime() - daysKept * day))
        if (emptied > 0) await work.record('referrals.incoming_emptied', { facts: { count: emptied } })
        await removeOldDeliveries(work.db, new Date(work.now.getTime() - daysOfDeliveries * day))
      },
    },
  ]
}

/** Keeps what is to be told, and has it told. */
async function prepare(work: Work, data: JobData): Promise<void> {
  const endpointId = parseId<'webhook_endpoint'>(data['endpointId'])
  const endpoint = endpointId && (await findEndpoint(work.db, endpointId))
  const type = webhookTypes.find((one) => one === data['type'])
  if (!endpoint || !type || !isListening(endpoint)) return
  const deliveryId = await insertDelivery(
    work.db,
    work.network.id,
    {
      ...{ endpointId: endpoint.id, organizationId: endpoint.organizationId, type },
      taskId: parseId<'task'>(data['taskId']),
      reference: typeof data['reference'] === 'string' ? data['reference'] : null,
      happenedAt: new Date(String(data['at'])),
    },
    work.now,
  )
  await work.enqueue(deliverJob, { deliveryId }, { key: deliveryId })
}

function isListening({ state }: WebhookEndpoint): boolean {
  return state === 'active' || state === 'failing'
}

/** One try. What is read before and what is written after are transactions of their own: none is open while we wait. */
async function deliver(tools: ExchangeTools, data: JobData): Promise<void> {
  const network = await tools.networks.byId(data.networkId)
  const id = parseId<'webhook_delivery'>(data['deliveryId'])
  if (!network || !id) return
  const inJob = <T>(work: (db: Db) => Promise<T>) => inScope(tools.kysely, { role: 'job', networkId: network.id }, work)
  const found = await inJob((db) => findDue(db, id))
  if (!found) return
  const { delivery, endpoint } = found
  const at = tools.now()
  const body = bodyOf({
    type: delivery.type,
    happenedAt: delivery.happenedAt,
    reference: delivery.reference,
    taskUrl: delivery.taskId && `${tools.publicUrl}${basePath}/Task/${delivery.taskId}`,
  })
  const signing = { endpointId: endpoint.id, keyId: endpoint.keyId }
  const began = performance.now()
  const answered = await post(
    {
      url: new URL(endpoint.address),
      headers: signedHeaders(tools.keys, signing, { id: delivery.id, at, body }),
      body,
    },
    {
      trusted: tools.webhookHosts,
      ...(tools.resolve ? { resolve: tools.resolve } : {}),
      ...(tools.timeoutMs === undefined ? {} : { timeoutMs: tools.timeoutMs }),
    },
  )
  const ms = Math.round(performance.now() - began)
  await inJob((db) =>
    conclude(
      workIn(db, network, () => ({ kind: 'job', id: null }), tools),
      found,
      { ...answered, ms },
    ),
  )
}

interface Found {
  readonly delivery: WebhookDelivery
  readonly endpoint: WebhookEndpoint
}

/** Undefined for what was told or given up already, and for an endpoint that listens no more: then the wait is over too. */
async function findDue(db: Db, id: WebhookDeliveryId): Promise<Found | undefined> {
  const delivery = await findDelivery(db, id)
  if (!delivery || delivery.state !== 'waiting') return undefined
  const endpoint = await findEndpoint(db, delivery.endpointId)
  if (endpoint && (isListening(endpoint) || delivery.type === 'ping')) return { delivery, endpoint }
  const given = { tries: delivery.tries, nextTryAt: null, lastStatus: null, lastProblem: 'switched_off', lastMs: null }
  await saveTry(db, id, { ...given, state: 'failed' }, delivery.lastTriedAt ?? delivery.happenedAt)
  return undefined
}

async function conclude(
  work: Work,
  { delivery, endpoint }: Found,
  { status, problem, retryAfter, ms }: Answered & { readonly ms: number },
): Promise<void> {
  const tries = delivery.tries + 1
  const isDone = status !== null && status >= 200 && status < 300
  // A test is tried once: somebody is looking.
  const isLast = isDone || status === 410 || delivery.type === 'ping'
  const next = isLast ? null : nextTryAt(tries, work.now, { chance: Math.random(), retryAfter })
  const result = { tries, nextTryAt: next, lastStatus: status, lastProblem: problem, lastMs: ms }
  const state = isDone ? 'delivered' : next === null ? 'failed' : 'waiting'
  await saveTry(work.db, delivery.id, { ...result, state }, work.now)
  if (next !== null)
    return work.enqueue(deliverJob, { deliveryId: delivery.id }, { startAfter: next, key: `${delivery.id} ${tries}` })
  if (isDone) {
    const isBack = endpoint.state === 'failing' || (endpoint.state === 'disabled' && delivery.type === 'ping')
    if (isBack) await saveEndpointState(work.db, endpoint.id, { state: 'active', since: null })
  } else if (delivery.type !== 'ping') await noteFailing(work, endpoint, status === 410)
}

/** Something could not be told. The lead hears of the first time, and of the end. */
async function noteFailing(work: Work, endpoint: WebhookEndpoint, isGone: boolean): Promise<void> {
  const since = endpoint.failingSince ?? work.now
  const isOver = isGone || work.now.getTime() - since.getTime() >= daysOfFailing * day
  if (!isOver && endpoint.state === 'failing') return
  await saveEndpointState(work.db, endpoint.id, { state: isOver ? 'disabled' : 'failing', since })
  const people = await contactsOf(work.db, endpoint.organizationId)
  for (const { email, locale, isLead, state } of people) {
    if (!isLead || state !== 'active' || email === null) continue
    const kind = isOver ? 'referrals.webhook_disabled' : 'referrals.webhook_failing'
    await work.mail({ kind, to: email, locale, ids: { endpointId: endpoint.id } })
  }
}
