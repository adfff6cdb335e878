// Gathers what is known of a client and a service, and looks for what stands in the way.

import { consentsOf, idsOfFile, type Client } from '#clients/index.ts'
import { ageRule, checkRequirement, requirementsOf, type Facts, type Service } from '#directory/index.ts'
import { dayIn, type CalendarDay } from '#platform/dates.ts'
import type { Scene } from '#platform/http/index.ts'
import type { RecommendationId, ServiceId } from '#platform/ids.ts'
import { isEnded } from '../referral.ts'
import { referralsOfClient } from '../referrals.store.ts'
import { answeringOf } from './before-sending.store.ts'
import { checkBeforeSending, type FitPoint, type Sending } from './check.ts'
import type { Finding, RequirementToCheck } from './finding.ts'

/** What the ranking knows, which stands above referrals on the map. `app.ts` fills these. */
export interface ReferralSlots {
  /** The facts that requirements are checked against, and the practical fit. Null: the service takes nobody. */
  surroundingsOf(
    scene: Scene,
    client: Client,
    serviceId: ServiceId,
  ): Promise<{ readonly facts: Facts; readonly points: readonly FitPoint[] } | null>
  /** Whether it was made for this person. */
  isRecommendationOf(scene: Scene, client: Client, id: RecommendationId): Promise<boolean>
}

/** Everything that stands in the way of sending this client to this service now. */
export async function lookBeforeSending(
  scene: Scene,
  slots: ReferralSlots,
  { client, service }: { readonly client: Client; readonly service: Service },
): Promise<readonly Finding[]> {
  const around = await slots.surroundingsOf(scene, client, service.id)
  const sending: Sending = {
    closed: service.goneSince !== null ? 'gone' : service.status === 'active' ? null : service.status,
    requirements: around === null ? [] : await requirementsChecked(scene, service, around.facts),
    points: around?.points ?? [],
    open: await openAtSamePartner(scene, client, service),
    answering: await answeringOf(scene.db, service.organizationId, scene.now),
    hasAddress: service.email !== null,
    consentWithdrawnOn: await withdrawnOn(scene, client, service),
    isRestricted: client.restrictedTo !== null,
  }
  return checkBeforeSending(sending)
}

async function requirementsChecked(
  scene: Scene,
  service: Service,
  facts: Facts,
): Promise<readonly RequirementToCheck[]> {
  const stated = ageRule(service.minimumAge, service.maximumAge).map((rule) => ({
    id: null,
    rule,
    isNegotiable: false,
  }))
  const entered = await requirementsOf(scene.db, service.id)
  return [...stated, ...entered].map(({ id, rule, isNegotiable }) => ({
    ...{ id, rule, isNegotiable },
    check: checkRequirement(rule, facts),
  }))
}

async function openAtSamePartner(scene: Scene, client: Client, service: Service): Promise<Sending['open']> {
  const all = await referralsOfClient(scene.db, await idsOfFile(scene.db, client.id))
  return all
    .filter(({ file, referral }) => file.organizationId === service.organizationId && !isEnded(referral.state))
    .map(({ file }) => ({ id: file.id, reference: file.reference, isSameService: file.serviceId === service.id }))
}

/** The last word on sharing with this partner (or with all of them), where it was to share no more. */
async function withdrawnOn(scene: Scene, client: Client, service: Service): Promise<CalendarDay | null> {
  const consents = (await consentsOf(scene.db, client.id, scene.today)).filter(
    ({ purpose, organizationId, recipient }) =>
      purpose === 'share_for_referral' &&
      (organizationId === service.organizationId || (organizationId === null && recipient === null)),
  )
  const latest = (times: readonly (Date | null)[]) => Math.max(...times.map((time) => time?.getTime() ?? -Infinity))
  const withdrawn = latest(consents.map(({ withdrawnAt }) => withdrawnAt))
  const given = latest(consents.filter(({ state }) => state === 'holds').map(({ happenedAt }) => happenedAt))
  return withdrawn > given ? dayIn(scene.network.timeZone, new Date(withdrawn)) : null
}
