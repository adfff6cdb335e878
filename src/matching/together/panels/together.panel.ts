// What the client said of the services they were shown, beside the choice; and the way to show them.

import type { Client } from '#clients/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import { findStaff } from '#staff/index.ts'
import type { KeptRecommendation } from '../../recommendations.store.ts'
import { ordersOf, type KeptOrder } from '../client-orders.store.ts'
import { togetherHref } from '../pages/pick.page.ts'

const placeKeys = ['first', 'second', 'third'] as const
// messages: matching.together.panel.*

/** For the page of one recommendation. `follows` is the referral that the next one takes up, carried through to it. */
export async function togetherPanel(
  scene: Scene,
  { client, recommendation }: { readonly client: Client; readonly recommendation: KeptRecommendation },
  follows: string | null,
): Promise<Panel> {
  const [latest] = await ordersOf(scene.db, recommendation.id)
  const recorder = latest && (await findStaff(scene.db, latest.recordedBy))
  const base = `/clients/${client.id}/recommendations/${recommendation.id}`
  return {
    template: 'matching/together/panels/together.njk',
    model: {
      href: togetherHref(client, recommendation),
      letterHref: `${base}/letter`,
      askHref: `${base}/ask`,
      canTurn: recommendation.services.some(({ standing }) => standing !== 'not_eligible'),
      said: latest && {
        moment: scene.moment(latest.recordedAt),
        name: recorder?.name ?? '',
        rows: rowsOf(scene, recommendation, latest),
        wantsNone: latest.wanted.length === 0,
        words: latest.words,
        take: takeOf(recommendation, latest),
      },
      chooseAction: `${base}/choices${follows === null ? '' : `?follows=${follows}`}`,
    },
  }
}

function rowsOf(scene: Scene, { services }: KeptRecommendation, { wanted, turnedDown }: KeptOrder) {
  // Two organisations may give a service the same name.
  const nameOf = (id: string) => {
    const service = services.find((one) => one.id === id)
    return service ? `${service.name}, ${service.organizationName}` : ''
  }
  return [
    ...wanted.map((id, at) => ({
      place: scene.t(`matching.together.panel.${placeKeys[at] ?? 'third'}`),
      name: nameOf(id),
    })),
    ...turnedDown.map((id) => ({ place: scene.t('matching.together.panel.not'), name: nameOf(id) })),
  ]
}

/** The client's first choice as a choice: with the reason that they prefer it, and their words. */
function takeOf({ services }: KeptRecommendation, { wanted, words }: KeptOrder) {
  const first = services.find(({ id }) => id === wanted[0])
  return first ? { id: first.id, name: first.name, words: (words ?? '').slice(0, 500) } : null
}
