// The screen that is turned towards the client: their language, large type, nothing that another person should not see.

import type { FieldProblem, FormBody, PageModel } from '#platform/http/index.ts'
import { textOf } from '#platform/http/index.ts'
import type { RankedService } from '../../recommend.ts'
import type { KeptRecommendation } from '../../recommendations.store.ts'
import type { ClientSpeech } from '../clients-language.scene.ts'
import { speechOf } from '#directory/index.ts'
import { tiesAmong } from '../own-evidence.ts'
import { optionIn, type ServiceNow } from './option.page.ts'

export interface Turned {
  readonly recommendation: KeptRecommendation
  readonly options: readonly { readonly ranked: RankedService; readonly now: ServiceNow }[]
  /** Where the order is posted to, and where the page leads back to. */
  readonly action: string
  readonly back: string
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

// messages: matching.together.order.place_*

export function screenPage(speech: ClientSpeech, at: Turned): PageModel {
  const { t } = speech
  const options = at.options.map((option) => optionIn(speech, at.recommendation, option))
  const places = [...options.map((_, index) => String(index + 1)), 'none']
  return {
    title: t('matching.together.screen.title'),
    // Turned round, the page is nobody's: no name, no way into the adviser's other pages.
    ...{ staff: null, navigation: [], bare: true },
    hasPictures: options.some(({ helped }) => helped !== null),
    ties: tiesIn(
      speech,
      at.options.map(({ ranked }) => ranked),
    ),
    options: options.map((option) => ({
      ...option,
      field: `place-${option.id}`,
      choices: places.map((value) => ({
        value,
        text: t(`matching.together.order.place_${value}`),
        isChosen: textOf(at.body, `place-${option.id}`) === value,
      })),
    })),
    count: options.length,
    action: at.action,
    back: at.back,
    words: textOf(at.body, 'words'),
    problems: speech.problems(at.problems),
  }
}

/** Where nobody knows which one helps more, in the client's words: never that the first is the better one. */
function tiesIn(speech: ClientSpeech, shown: readonly RankedService[]): readonly string[] {
  return tiesAmong(shown).map((members) =>
    members.length === shown.length
      ? speech.t('matching.together.screen.tie_all', { count: shown.length })
      : speech.t('matching.together.screen.tie_some', { names: speechOf(speech).and(members.map(({ name }) => name)) }),
  )
}
