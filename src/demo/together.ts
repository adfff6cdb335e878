// What two clients said of what may help them: one ordered the services that they were shown, one has a link to their own page and
// says there that a fact is not right. Both are of the adviser who signs in.

import { insertQuestion } from '#matching/for-client/for-client.store.ts'
import { renewViewLink } from '#matching/for-client/links.acts.ts'
import { makeView } from '#matching/for-client/make-view.scene.ts'
import { latestRecommendation, type KeptRecommendation } from '#matching/recommendations.store.ts'
import { insertOrder } from '#matching/together/client-orders.store.ts'
import { usualOptions } from '#matching/together/together.ts'
import { addDays } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import { newId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { workOn, type DemoClient } from './clients.ts'

interface Ranked extends DemoClient {
  readonly recommendation: KeptRecommendation
}

/** Comes after services were ranked; where too few were, there is nothing to say anything of. */
export async function fillTogether(
  work: Work,
  { clients, keys }: { readonly clients: readonly DemoClient[]; readonly keys: Keys },
): Promise<void> {
  const own = clients.filter(({ adviser }) => adviser.id === clients[0]?.adviser.id)
  const ranked: Ranked[] = []
  for (const each of own) {
    const recommendation = await latestRecommendation(work.db, [each.client.id])
    if (recommendation && usualOptions(recommendation).length > 1) ranked.push({ ...each, recommendation })
    if (ranked.length === 2) break
  }
  const [first, second] = ranked
  if (first) await orderTogether(work, first)
  if (second) await askAboutFact(work, second, keys)
}

async function orderTogether(work: Work, { client, adviser, recommendation }: Ranked): Promise<void> {
  const shown = usualOptions(recommendation).map(({ id }) => id)
  const [liked, best, ...others] = shown
  if (liked === undefined || best === undefined) return
  await insertOrder(work.db, marksOf(work, client), {
    ...{ shown, wanted: [best, liked], turnedDown: others, locale: 'en', recommendationId: recommendation.id },
    words: 'My sister went there. I would like to start soon.',
    recordedBy: adviser.id,
    recordedAt: workOn(work, addDays(work.today, -1), '11:00').now,
  })
}

async function askAboutFact(work: Work, { client, adviser, recommendation }: Ranked, keys: Keys): Promise<void> {
  const file = marksOf(work, client)
  const view = await makeView(work, client, recommendation)
  const link = await renewViewLink(workOn(work, addDays(work.today, -2), '14:00'), keys, {
    ...{ file, view, recommendationId: recommendation.id, locale: 'en', madeBy: adviser.id },
  })
  const askedAt = workOn(work, addDays(work.today, -1), '20:30').now
  const known = view.facts.map(({ code }) => code)
  const fact = Object.keys(corrections).find((code) => known.includes(code)) ?? null
  await insertQuestion(work.db, file, {
    ...{ id: newId<'client_question'>(askedAt.getTime()), kind: 'correction', askedAt, fact },
    ...{ recommendationId: recommendation.id, linkId: link.id },
    words: corrections[fact ?? ''] ?? 'You wrote down that I have no car. I have one.',
  })
}

/** What may be said of each fact, whatever was answered. */
const corrections: Readonly<Record<string, string>> = {
  hours_available: 'I can come on Saturdays too, since last week.',
  minutes_willing_to_travel: 'I can go farther now. My neighbour takes me along.',
}

function marksOf({ network }: Work, { id: clientId, siteId, restrictedTo }: DemoClient['client']) {
  return { networkId: network.id, clientId, siteId, restrictedTo }
}
