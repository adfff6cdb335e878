// What the network offers now, remembered in the process for as long as the directory's version stands; and what it offered
// when a recommendation was made.

import { directoryVersion, servicesForMatching } from '#directory/index.ts'
import { providerResults, type ModelId } from '#evidence/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { compileCatalogue } from './catalogue.ts'
import { findingsOf } from './findings.store.ts'
import { packOffer, unpackOffer, type KeptOffer, type Offer } from './kept-catalogue.bytes.ts'
import { waitsOf } from './waits.store.ts'

/** Services of all remembered offers together: some hundred megabytes. Nothing of any client is among them. */
const mostRemembered = 60_000

interface Remembered extends Offer {
  /** Made once it is asked for. */
  packed: KeptOffer | null
}

const remembered = new Map<string, Remembered>()

export interface OfferAsked {
  readonly networkId: NetworkId
  readonly timeZone: string
  readonly today: CalendarDay
  /** The model that ranks, whose card has the providers' results; null where none does. */
  readonly modelId: ModelId | null
}

/** One small query while nothing has changed; else nine, whatever the number of services. Never older than the version that
 *  this transaction sees: whoever changes what is read here renews it before committing. */
export async function offerNow(db: Db, { networkId, timeZone, today, modelId }: OfferAsked): Promise<Offer> {
  const version = await directoryVersion(db)
  const key = `now ${networkId} ${version ?? ''} ${today} ${timeZone} ${modelId ?? ''}`
  const known = recall(key)
  if (known) return known
  const waits = await waitsOf(db)
  const services = await servicesForMatching(db, today)
  const catalogue = compileCatalogue(services.map((service) => ({ ...service, wait: waits.get(service.id) ?? null })))
  const providers = modelId === null ? [] : await providerResults(db)
  return remember(key, { ...{ today, timeZone, catalogue, providers }, findings: await findingsOf(db), packed: null })
}

/** Keeps an offer, once however often it is recommended from; its id. Two statements, one where it is kept already. */
export async function keepOffer(db: Db, networkId: NetworkId, offer: Offer, now: Date): Promise<string> {
  const { id, content } = packedOf(offer)
  const kept = await db.selectFrom('matching_catalogues').select('id').where('id', '=', id).executeTakeFirst()
  if (kept) return id
  await db
    .insertInto('matching_catalogues')
    .values({ network_id: networkId, id, content, made_at: now })
    .onConflict((conflict) => conflict.columns(['network_id', 'id']).doNothing())
    .execute()
  return id
}

/** What was offered then. Throws when it is not there: nothing deletes it while a recommendation names it. */
export async function keptOffer(db: Db, networkId: NetworkId, id: string): Promise<Offer> {
  const key = `kept ${networkId} ${id}`
  const known = recall(key)
  if (known) return known
  const { content } = await db
    .selectFrom('matching_catalogues')
    .select('content')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return remember(key, { ...unpackOffer(content), packed: { id, content } })
}

/** Packing takes as long as ranking: an offer that this process remembers is packed once. */
function packedOf(offer: Offer): KeptOffer {
  for (const one of remembered.values()) if (one === offer) return (one.packed ??= packOffer(offer))
  return packOffer(offer)
}

function recall(key: string): Remembered | null {
  const known = remembered.get(key)
  if (!known) return null
  // The latest used is forgotten last.
  remembered.delete(key)
  remembered.set(key, known)
  return known
}

function remember(key: string, offer: Remembered): Offer {
  remembered.set(key, offer)
  const sizeOf = ({ catalogue }: Offer) => catalogue.services.length + 1
  let size = [...remembered.values()].reduce((sum, one) => sum + sizeOf(one), 0)
  for (const [oldest, one] of remembered) {
    if (size <= mostRemembered || oldest === key) break
    remembered.delete(oldest)
    size -= sizeOf(one)
  }
  return offer
}
