// Where partners' systems listen, and what each was told: no bodies, and nothing of a person.

import type { Db } from '#platform/db/index.ts'
import { newId, type ContactId, type Id, type NetworkId, type OrganizationId } from '#platform/ids.ts'
import { webhookTypes, type AnnouncedType, type WebhookType } from './webhook-event.ts'

export type WebhookEndpointId = Id<'webhook_endpoint'>
export type WebhookDeliveryId = Id<'webhook_delivery'>

/** failing: the last thing could not be told, however often it was tried. disabled: that went on for days, or it said so. */
export type EndpointState = 'active' | 'failing' | 'disabled' | 'removed'

export interface WebhookEndpoint {
  readonly id: WebhookEndpointId
  readonly networkId: NetworkId
  readonly organizationId: OrganizationId
  readonly address: string
  readonly events: readonly WebhookType[]
  readonly keyId: string
  readonly state: EndpointState
  readonly failingSince: Date | null
  readonly createdAt: Date
}

const endpointColumns = [
  ...(['id', 'network_id', 'organization_id', 'address', 'events', 'key_id', 'state'] as const),
  ...(['failing_since', 'created_at'] as const),
] as const

/** The endpoints of an organisation that want to hear of this. Whoever acts may ask; where they are stays unknown. */
export async function listenersOf(
  db: Db,
  organizationId: OrganizationId,
  type: WebhookType,
): Promise<readonly WebhookEndpointId[]> {
  const rows = await db
    .selectFrom('webhook_endpoints')
    .select(['id', 'events'])
    .where('organization_id', '=', organizationId)
    .where('state', 'in', ['active', 'failing'])
    .execute()
  return rows.filter(({ events }) => events.includes(type)).map(({ id }) => id as WebhookEndpointId)
}

export interface NewEndpoint extends Pick<
  WebhookEndpoint,
  'id' | 'networkId' | 'organizationId' | 'address' | 'events' | 'keyId'
> {
  readonly madeBy: ContactId
}

/** Keeps a new endpoint. The same form sent twice keeps one. */
export async function insertEndpoint(db: Db, endpoint: NewEndpoint, now: Date): Promise<void> {
  await db
    .insertInto('webhook_endpoints')
    .values({
      network_id: endpoint.networkId,
      id: endpoint.id,
      organization_id: endpoint.organizationId,
      address: endpoint.address,
      events: [...endpoint.events],
      key_id: endpoint.keyId,
      state: 'active',
      made_by: endpoint.madeBy,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(['network_id', 'id']).doNothing())
    .execute()
}

/** Those that were not removed, the oldest first. */
export async function listEndpoints(db: Db): Promise<readonly WebhookEndpoint[]> {
  const rows = await db
    .selectFrom('webhook_endpoints')
    .select(endpointColumns)
    .where('state', '<>', 'removed')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(endpointOf)
}

export async function findEndpoint(db: Db, id: WebhookEndpointId): Promise<WebhookEndpoint | undefined> {
  const row = await db.selectFrom('webhook_endpoints').select(endpointColumns).where('id', '=', id).executeTakeFirst()
  return row && endpointOf(row)
}

/** `since` is when it began to fail; null when it does not. */
export async function saveEndpointState(
  db: Db,
  id: WebhookEndpointId,
  { state, since }: { readonly state: EndpointState; readonly since: Date | null },
): Promise<void> {
  await db.updateTable('webhook_endpoints').set({ state, failing_since: since }).where('id', '=', id).execute()
}

/** From now on this key's secret is the one that the receiver knows. */
export async function saveEndpointKey(db: Db, id: WebhookEndpointId, keyId: string): Promise<void> {
  await db.updateTable('webhook_endpoints').set({ key_id: keyId }).where('id', '=', id).execute()
}

export interface WebhookDelivery {
  readonly id: WebhookDeliveryId
  readonly endpointId: WebhookEndpointId
  readonly organizationId: OrganizationId
  readonly type: AnnouncedType
  readonly taskId: string | null
  readonly reference: string | null
  readonly happenedAt: Date
  readonly state: 'waiting' | 'delivered' | 'failed'
  readonly tries: number
  readonly nextTryAt: Date | null
  readonly lastTriedAt: Date | null
  readonly lastStatus: number | null
  readonly lastProblem: string | null
  readonly lastMs: number | null
}

const deliveryColumns = [
  ...(['id', 'endpoint_id', 'organization_id', 'event_type', 'task_id', 'reference', 'happened_at', 'state'] as const),
  ...(['tries', 'next_try_at', 'last_tried_at', 'last_status', 'last_problem', 'last_ms'] as const),
] as const

export type NewDelivery = Pick<
  WebhookDelivery,
  'endpointId' | 'organizationId' | 'type' | 'taskId' | 'reference' | 'happenedAt'
>

/** Keeps something to be told, due now. */
export async function insertDelivery(
  db: Db,
  networkId: NetworkId,
  delivery: NewDelivery,
  now: Date,
): Promise<WebhookDeliveryId> {
  const id = newId<'webhook_delivery'>(now.getTime())
  await db
    .insertInto('webhook_deliveries')
    .values({
      network_id: networkId,
      id,
      organization_id: delivery.organizationId,
      endpoint_id: delivery.endpointId,
      event_type: delivery.type,
      task_id: delivery.taskId,
      reference: delivery.reference,
      happened_at: delivery.happenedAt,
      state: 'waiting',
      next_try_at: now,
    })
    .execute()
  return id
}

export async function findDelivery(db: Db, id: WebhookDeliveryId): Promise<WebhookDelivery | undefined> {
  const row = await db.selectFrom('webhook_deliveries').select(deliveryColumns).where('id', '=', id).executeTakeFirst()
  return row && deliveryOf(row)
}

/** What an endpoint was told lately, the latest first. */
export async function latestDeliveries(
  db: Db,
  endpointId: WebhookEndpointId,
  most = 30,
): Promise<readonly WebhookDelivery[]> {
  const rows = await db
    .selectFrom('webhook_deliveries')
    .select(deliveryColumns)
    .where('endpoint_id', '=', endpointId)
    .orderBy('happened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  return rows.map(deliveryOf)
}

/** Starts the tries anew, for a delivery that was given up. */
export async function restartDelivery(db: Db, id: WebhookDeliveryId, now: Date): Promise<boolean> {
  const done = await db
    .updateTable('webhook_deliveries')
    .set({ state: 'waiting', tries: 0, next_try_at: now })
    .where('id', '=', id)
    .where('state', '<>', 'waiting')
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** What one try came to. */
export async function saveTry(
  db: Db,
  id: WebhookDeliveryId,
  result: Pick<WebhookDelivery, 'state' | 'tries' | 'nextTryAt' | 'lastStatus' | 'lastProblem' | 'lastMs'>,
  now: Date,
): Promise<void> {
  await db
    .updateTable('webhook_deliveries')
    .set({
      state: result.state,
      tries: result.tries,
      next_try_at: result.nextTryAt,
      last_tried_at: now,
      last_status: result.lastStatus,
      last_problem: result.lastProblem,
      last_ms: result.lastMs,
    })
    .where('id', '=', id)
    .execute()
}

/** Deliveries that should have been tried a while ago: a killed process took them with it. */
export async function forgottenDeliveries(db: Db, dueBefore: Date, most = 200): Promise<readonly WebhookDeliveryId[]> {
  const rows = await db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('state', '=', 'waiting')
    .where('next_try_at', '<', dueBefore)
    .orderBy('next_try_at')
    .limit(most)
    .execute()
  return rows.map(({ id }) => id as WebhookDeliveryId)
}

/** Forgets what was told long ago. Gives how many. */
export async function removeOldDeliveries(db: Db, before: Date): Promise<number> {
  const done = await db
    .deleteFrom('webhook_deliveries')
    .where('state', '<>', 'waiting')
    .where('happened_at', '<', before)
    .executeTakeFirst()
  return Number(done.numDeletedRows)
}

// Rows as they were written by this very file: ids and codes are of the kinds that their columns name.
function endpointOf(row: {
  id: string
  network_id: string
  organization_id: string
  address: string
  events: string[]
  key_id: string
  state: string
  failing_since: Date | null
  created_at: Date
}): WebhookEndpoint {
  return {
    id: row.id as WebhookEndpointId,
    networkId: row.network_id as NetworkId,
    organizationId: row.organization_id as OrganizationId,
    address: row.address,
    events: webhookTypes.filter((type) => row.events.includes(type)),
    keyId: row.key_id,
    state: row.state as EndpointState,
    failingSince: row.failing_since,
    createdAt: row.created_at,
  }
}

function deliveryOf(row: {
  id: string
  endpoint_id: string
  organization_id: string
  event_type: string
  task_id: string | null
  reference: string | null
  happened_at: Date
  state: string
  tries: number
  next_try_at: Date | null
  last_tried_at: Date | null
  last_status: number | null
  last_problem: string | null
  last_ms: number | null
}): WebhookDelivery {
  return {
    id: row.id as WebhookDeliveryId,
    endpointId: row.endpoint_id as WebhookEndpointId,
    organizationId: row.organization_id as OrganizationId,
    type: row.event_type as AnnouncedType,
    taskId: row.task_id,
    reference: row.reference,
    happenedAt: row.happened_at,
    state: row.state as WebhookDelivery['state'],
    tries: row.tries,
    nextTryAt: row.next_try_at,
    lastTriedAt: row.last_tried_at,
    lastStatus: row.last_status,
    lastProblem: row.last_problem,
    lastMs: row.last_ms,
  }
}
