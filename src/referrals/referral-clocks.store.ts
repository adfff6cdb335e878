// The clocks that a network has set, and the referrals whose next due time follows from them.

import { z } from 'zod'
import type { Db } from '#platform/db/index.ts'
import type { Work } from '#platform/http/index.ts'
import { newId, type Id, type NetworkId, type OrganizationId, type StaffId } from '#platform/ids.ts'
import { clockedSteps, type WorkingClock } from './clock.ts'
import { laddersFor, longestRung, type ClockRule } from './clock-rule.ts'
import type { ReferralFile } from './referrals.store.ts'

export type ClockRuleId = Id<'referral_clock'>
export type KeptClockRule = ClockRule & { readonly id: ClockRuleId }

const rung = z.object({
  workingDays: z.int().min(1).max(longestRung),
  then: z.enum(['remind_partner', 'remind_adviser', 'remind_manager', 'expire']),
})
const ladder = z.tuple([rung], rung)
const step = z.enum(clockedSteps)

/** All that the network has set: few rows, the most general first. */
export async function clockRules(db: Db): Promise<readonly KeptClockRule[]> {
  const rows = await db
    .selectFrom('referral_clocks')
    .select(['id', 'step', 'service_type', 'organization_id', 'ladder'])
    .orderBy('step')
    .orderBy('changed_at')
    .execute()
  return rows.map((row) => ({
    id: row.id as ClockRuleId,
    step: step.parse(row.step),
    serviceType: row.service_type,
    organizationId: row.organization_id as OrganizationId | null,
    ladder: ladder.parse(row.ladder),
  }))
}

/** Sets the clock of a step; one that was set for the same step, kind and partner is replaced. */
export async function saveClockRule(
  db: Db,
  rule: ClockRule,
  hand: { readonly networkId: NetworkId; readonly staffId: StaffId; readonly now: Date },
): Promise<void> {
  const set = { ladder: JSON.stringify(rule.ladder), changed_by: hand.staffId, changed_at: hand.now }
  const { networkId } = hand
  await db
    .insertInto('referral_clocks')
    .values({
      network_id: networkId,
      id: newId<'referral_clock'>(hand.now.getTime()),
      step: rule.step,
      service_type: rule.serviceType,
      organization_id: rule.organizationId,
      ...set,
    })
    .onConflict((conflict) =>
      conflict.columns(['network_id', 'step', 'service_type', 'organization_id']).doUpdateSet(set),
    )
    .execute()
}

/** From now on the next more general clock holds. Gives whether there was such a rule. */
export async function removeClockRule(db: Db, id: ClockRuleId): Promise<boolean> {
  const done = await db.deleteFrom('referral_clocks').where('id', '=', id).executeTakeFirst()
  return done.numDeletedRows > 0n
}

/** The clock of each referral of the network, after one query. */
export async function clocksIn({
  db,
  network,
}: Pick<Work, 'db' | 'network'>): Promise<
  (file: Pick<ReferralFile, 'serviceType' | 'organizationId'>) => WorkingClock
> {
  const rules = await clockRules(db)
  const { timeZone, holidays } = network
  return (file) => ({ timeZone, holidays, ladders: laddersFor(rules, file) })
}

/** The clock of one referral. */
export async function clockFor(
  work: Pick<Work, 'db' | 'network'>,
  file: Pick<ReferralFile, 'serviceType' | 'organizationId'>,
): Promise<WorkingClock> {
  return (await clocksIn(work))(file)
}
