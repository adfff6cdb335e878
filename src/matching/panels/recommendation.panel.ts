// What may help, at a glance, on the client's page.

import type { Client } from '#clients/index.ts'
import { rankedByNow } from '#evidence/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { choicesOf, latestRecommendation, type KeptRecommendation } from '../recommendations.store.ts'
import { gainInWords, typeInWords } from '../pages/words.page.ts'

/** So many fit a glance. */
const shownFirst = 3

/** The first services of the latest ranking, or the way to a first one. `ids` are those of the file (`idsOfFile`). */
export async function recommendationPanel(scene: Scene, client: Client, ids: readonly ClientId[]): Promise<Panel> {
  const latest = await latestRecommendation(scene.db, ids)
  const chosen = latest
    ? new Set<string>((await choicesOf(scene.db, latest.id)).map(({ serviceId }) => serviceId))
    : null
  const isModelOff = latest !== null && latest.estimates.length > 0 && (await rankedByNow(scene.db)) !== 'model'
  const listHref = `/clients/${client.id}/recommendations`
  return {
    template: 'matching/panels/recommendation.njk',
    model: {
      listHref,
      rankAction: listHref,
      canRank: client.status === 'open',
      made: latest && scene.t('matching.panel.made', { moment: scene.moment(latest.madeAt) }),
      isModelOff,
      services: latest && !isModelOff ? firstOf(scene, latest, chosen ?? new Set()) : [],
    },
  }
}

/** The first of each kind, in the order of the ranking; then further ones of these. */
function firstOf(scene: Scene, { services, estimates }: KeptRecommendation, chosen: ReadonlySet<string>) {
  const open = services.filter(({ rank }) => rank !== null)
  const kinds = [...Map.groupBy(open, ({ type }) => type).values()].flatMap(([first]) => first ?? [])
  const shown = new Set([...kinds.slice(0, shownFirst), ...open].slice(0, shownFirst))
  return open
    .filter((service) => shown.has(service))
    .map(({ id, name, organizationName, type }) => {
      const estimate = estimates.find((each) => each.type === type)
      return {
        name,
        href: `/services/${id}`,
        organization: organizationName,
        type: typeInWords(type, scene),
        gain: estimate ? gainInWords(estimate.gain, scene) : null,
        isChosen: chosen.has(id),
      }
    })
}
