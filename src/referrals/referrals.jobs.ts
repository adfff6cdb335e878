// What the system does by itself: tells advisers, and lets no clock strike unheard.

import { findClient } from '#clients/index.ts'
import { findStaff, listStaff, type StaffMember } from '#staff/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { Network, Work } from '#platform/http/index.ts'
import { parseId, type ReferralId } from '#platform/ids.ts'
import type { TransactionJob } from '#platform/jobs/worker.ts'
import { whatStrikes } from './clock.ts'
import type { Happening } from './event.ts'
import { apply } from './referral.ts'
import { findLink } from './link/referral-links.store.ts'
import { figureJobs } from './figures/figures.jobs.ts'
import { clockJobs } from './clocks/clocks.jobs.ts'
import { clockFor } from './referral-clocks.store.ts'
import { actOn, eventId, mailPartner, systemActor, tellJob } from './referrals.acts.ts'
import { struckBy } from './find-referrals.store.ts'
import { findReferral, holdReferral, saveReferral, type KeptReferral } from './referrals.store.ts'

const strikeJob = 'referrals.strike'

export const referralJobs: readonly TransactionJob[] = [
  ...clockJobs,
  ...figureJobs,
  {
    name: tellJob,
    async run(work, data) {
      const id = parseId<'referral'>(data['referralId'])
      const kept = id && (await findReferral(work.db, id))
      const adviser = kept && (await findStaff(work.db, kept.file.adviserId))
      if (!kept || !adviser || adviser.state !== 'active') return
      await mailStaff(work, [adviser], 'referrals.answer', {
        referralId: kept.file.id,
        eventId: String(data['eventId']),
      })
    },
  },
  {
    // Each referral is a job of its own, so that one that fails holds up no other.
    name: 'referrals.clocks',
    schedule: '*/10 * * * *',
    async run(work) {
      for (const referralId of await struckBy(work.db, work.now)) {
        await work.enqueue(strikeJob, { referralId }, { key: referralId })
      }
    },
  },
  {
    name: strikeJob,
    async run(work, data) {
      const id = parseId<'referral'>(data['referralId'])
      if (id) await strike(work, id)
    },
  },
]

/** Does what is overdue for one referral: reminds, tells somebody else, or lets it expire. Nothing, when it is not. */
async function strike(work: Work, id: ReferralId): Promise<void> {
  const kept = await holdReferral(work.db, id)
  if (!kept) return
  switch (whatStrikes(kept.referral, work.now, await clockFor(work, kept.file))) {
    case 'remind_partner':
      // A partner without a link that works cannot be reminded by mail: then it is the adviser's turn.
      return (await mailPartner(work, kept.file, 'referrals.reminder'))
        ? happens(work, id, partnerReminded)
        : remindAdviser(work, kept)
    case 'remind_adviser':
      return remindAdviser(work, kept)
    case 'remind_manager':
      return remindManagers(work, kept)
    case 'expire':
      return happens(work, id, { kind: 'expired' })
    default:
      return undefined
  }
}

/** Notes, in the mail's own transaction, that a partner could not be reached for good. */
export async function noteMailFailure(
  { db, network, ids, kind }: { db: Db; network: Network; ids: Readonly<Record<string, string>>; kind: string },
  now: Date,
): Promise<void> {
  const linkId = kind.startsWith('referrals.') ? parseId<'referral_link'>(ids['linkId']) : null
  const link = linkId && (await findLink(db, linkId))
  const held = link && link.revokedAt === null ? await holdReferral(db, link.referralId) : undefined
  if (!held) return
  const event = {
    kind: 'delivery_failed',
    cause: 'refused',
    id: eventId(now),
    actor: systemActor,
    channel: 'system',
  } as const
  const result = apply(held.referral, event, now)
  if (result.ok)
    await saveReferral(
      db,
      held.file,
      { before: held.referral, after: result.value },
      await clockFor({ db, network }, held.file),
    )
}

const partnerReminded: Happening = { kind: 'reminded', whom: 'partner' }

async function happens(work: Work, id: ReferralId, happening: Happening): Promise<void> {
  const event = { ...happening, id: eventId(work.now), actor: systemActor, channel: 'system' } as const
  const done = await actOn(work, id, event)
  if (!done.ok) throw new Error(`The clock struck what cannot be: ${happening.kind}, ${done.problem.code}`)
}

async function remindAdviser(work: Work, { file }: KeptReferral): Promise<void> {
  const client = await findClient(work.db, file.clientId)
  const inCharge = [file.adviserId, client?.adviserId ?? null].filter((id) => id !== null)
  const advisers = (await listStaff(work.db)).filter(({ id, state }) => state === 'active' && inCharge.includes(id))
  // Whoever has left reads no mail: where nobody is in charge, the managers hear of it.
  const people = advisers.length > 0 ? advisers : await managersOf(work, file.siteId)
  await mailStaff(work, people, 'referrals.due', { referralId: file.id })
  await happens(work, file.id, { kind: 'reminded', whom: 'adviser' })
}

async function remindManagers(work: Work, { file }: KeptReferral): Promise<void> {
  await mailStaff(work, await managersOf(work, file.siteId), 'referrals.due', { referralId: file.id })
  await happens(work, file.id, { kind: 'reminded', whom: 'manager' })
}

async function managersOf(work: Work, siteId: string): Promise<readonly StaffMember[]> {
  const staff = await listStaff(work.db)
  return staff.filter((member) => member.state === 'active' && member.managedSiteIds.some((id) => id === siteId))
}

async function mailStaff(
  work: Work,
  people: readonly StaffMember[],
  kind: string,
  ids: Readonly<Record<string, string>>,
): Promise<void> {
  for (const { email, locale } of people) await work.mail({ kind, to: email, locale, ids })
}
