// What was recommended and chosen in the past months: so that choices can be looked back on, and places have people in question.

import type { Random } from '#numerics/index.ts'
import { findService, type Service } from '#directory/index.ts'
import { countChoiceFigures, recommendForClient, type RankedService } from '#matching/index.ts'
import { choiceReasons, type ChoiceReason } from '#matching/choice.ts'
import { insertChoice, insertRecommendation } from '#matching/recommendations.store.ts'
import { addDays, daysBetween } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import type { Keys } from '#platform/secrets.ts'
import { workOn, type DemoClient } from './clients.ts'
import { pick } from './people.ts'
import { refer } from './referrals.ts'

/** Of those who were assessed and sent nowhere, so many had a look at what may help; of these, so many chose. */
const shares = { looked: 0.7, chose: 0.55, tookFirst: 0.6, sent: 0.85 } as const
/** In the order of the reasons there are; an exception is never needed for what is open. */
const weights: Readonly<Record<ChoiceReason, number>> = {
  ...{ client_prefers: 30, client_had_it: 6, too_far: 18, no_places: 14, starts_too_late: 12 },
  ...{ language_or_access: 6, partner_known: 10, estimate_not_fitting: 6, exception_agreed: 0, other: 2 },
}

/** Ranks for clients without a referral, lets some choose, and sends what was chosen. Comes after the model was learned. */
export async function fillChoices(
  work: Work,
  random: Random,
  { clients, keys }: { readonly clients: readonly DemoClient[]; readonly keys: Keys },
): Promise<void> {
  const sent = new Set<string>(
    (await work.db.selectFrom('referrals').select('client_id').execute()).map((row) => row.client_id),
  )
  for (const each of clients) {
    if (each.assessedOn === null || sent.has(each.client.id) || random.uniform() > shares.looked) continue
    await choose(work, random, { ...each, keys })
  }
  await countChoiceFigures(work)
}

async function choose(
  work: Work,
  random: Random,
  { client, adviser, assessedOn, keys }: DemoClient & { readonly keys: Keys },
): Promise<void> {
  if (assessedOn === null) return
  const age = daysBetween(assessedOn, work.today)
  const day = addDays(assessedOn, Math.min(age, random.below(10)))
  const then = workOn(work, day, '10:30')
  const made = await recommendForClient(work.db, client, then)
  const file = { networkId: work.network.id, clientId: client.id, siteId: client.siteId, restrictedTo: null }
  const recommendationId = await insertRecommendation(work.db, file, { ...made, madeBy: adviser.id, madeAt: then.now })
  const open = made.services.filter(({ rank }) => rank !== null)
  if (open.length === 0 || random.uniform() > shares.chose) return
  const { service, reason } = drawChoice(random, open)
  // The list as it was ranked: nothing filtered, nothing sorted otherwise.
  const shownBy = { only: [], sort: 'gain' } as const
  const chosen = { service, reason, words: null, recommendationId, chosenBy: adviser.id, chosenAt: then.now, shownBy }
  await insertChoice(work.db, file, chosen)
  const offered: Service | null =
    random.uniform() < shares.sent ? ((await findService(work.db, service.id)) ?? null) : null
  if (offered?.email == null) return
  await refer(work, random, {
    keys,
    client,
    adviser,
    service: offered,
    sentOn: day,
    choice: { recommendationId, reason },
  })
}

/** Mostly the first; else one of the next few, with a reason. */
function drawChoice(
  random: Random,
  open: readonly RankedService[],
): { readonly service: RankedService; readonly reason: ChoiceReason | null } {
  const [first, ...others] = open
  const next = others.slice(0, 6)
  if (first === undefined) throw new Error('Something was open.')
  if (next.length === 0 || random.uniform() < shares.tookFirst) return { service: first, reason: null }
  const reason =
    choiceReasons[
      pick(
        random,
        choiceReasons.map((code) => weights[code]),
      )
    ]!
  return { service: next[random.below(next.length)]!, reason }
}
