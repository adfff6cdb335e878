// The adviser picks what is put up side by side, before the screen is turned.

import { fullName, type Client } from '#clients/index.ts'
import type { PageModel, Scene } from '#platform/http/index.ts'
import type { FieldProblem } from '#platform/http/index.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import type { RankedService } from '../../recommend.ts'
import type { KeptRecommendation } from '../../recommendations.store.ts'
import { typeInWords, unmetWords } from '../../pages/words.page.ts'
import { mostOptions, type PickProblem } from '../together.ts'

export interface Picking {
  readonly client: Client
  readonly recommendation: KeptRecommendation
  readonly offered: readonly RankedService[]
  readonly ticked: readonly string[]
  /** What was typed of another service's name. */
  readonly other: string
  readonly problems: readonly FieldProblem[]
  /** The client's language, where the page cannot speak it. */
  readonly missing: string | null
  readonly language: string
}

export function pickPage(scene: Scene, at: Picking): PageModel {
  const { client, recommendation, missing } = at
  const base = togetherHref(client, recommendation)
  return {
    title: scene.t('matching.together.pick.title'),
    clientName: fullName(client),
    back: `/clients/${client.id}/recommendations/${recommendation.id}`,
    action: `${base}/screen`,
    offered: at.offered.map((service) => ({
      value: service.id,
      name: service.name,
      organization: service.organizationName,
      type: typeInWords(service.type, scene),
      rank: service.rank,
      isTicked: at.ticked.includes(service.id),
    })),
    isEmpty: at.offered.length === 0,
    tie: tieIn(scene, recommendation),
    most: mostOptions,
    other: at.other,
    language:
      missing === null
        ? scene.t('matching.together.pick.in_language', { language: nameOfLanguage(at.language, scene.locale) })
        : scene.t('matching.together.pick.no_catalogue', { language: nameOfLanguage(missing, scene.locale) }),
    isMissing: missing !== null,
    problems: scene.problems(at.problems),
  }
}

/** How many of the first there are between which no difference is clear; null where the first stands alone. */
function tieIn({ t }: Scene, { services }: KeptRecommendation): string | null {
  const eligible = services.filter(({ standing }) => standing === 'eligible')
  const count = eligible.filter(({ tier }) => tier === eligible[0]?.tier).length
  return count > 1 ? t('matching.together.pick.tie', { count }) : null
}

/** Why these cannot be put up, beside the field that it is about. */
export function pickProblem(scene: Scene, problem: PickProblem, isByName: boolean): FieldProblem {
  const field = isByName ? 'other' : 'service'
  if (problem.kind !== 'not_eligible') return { field, key: `matching.together.pick.${problem.kind}` }
  const { reasons } = unmetWords(problem.service.unmet, scene)
  return {
    field,
    key: 'matching.together.pick.not_eligible',
    values: { service: problem.service.name, why: reasons.join(' ') },
  }
}
// messages: matching.together.pick.none, matching.together.pick.too_many, matching.together.pick.not_in_ranking

export function togetherHref(client: Pick<Client, 'id'>, { id }: Pick<KeptRecommendation, 'id'>): string {
  return `/clients/${client.id}/recommendations/${id}/together`
}
