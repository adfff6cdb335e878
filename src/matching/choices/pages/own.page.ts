// An adviser's own choices beside what was suggested, month by month, with what became of them so far.

import type { Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { bar } from '../../allocation/bar.ts'
import { sidesOf, type ChoiceSoFar, type SideFigures } from '../choices.ts'
import type { OwnChoice } from '../choices.store.ts'
import { monthInWords } from '../month.ts'

// messages: matching.reason.*
// messages: matching.choices.stage.*
// messages: matching.choices.outcome.*
// messages: matching.choices.side.*

interface DatedChoice extends OwnChoice {
  readonly month: string
}

interface Shown {
  readonly choices: readonly DatedChoice[]
  /** The month shown; null where nothing was chosen. */
  readonly month: string | null
  readonly names: ReadonlyMap<ClientId, string>
}

export function ownPage(scene: Scene, { choices, month, names }: Shown) {
  const soFar = choices.map(soFarOf)
  const { first, another } = sidesOf(soFar)
  const byMonth = [...Map.groupBy(choices, (choice) => choice.month)]
  const most = Math.max(0, ...byMonth.map(([, here]) => here.length))
  return {
    title: scene.t('matching.choices.title'),
    nothing: choices.length === 0,
    sentence: scene.t('matching.choices.own_sentence', { all: choices.length, first: first.choices }),
    sides: (['choices', 'referred', 'attended', 'completed'] as const).map((figure) => ({
      label: scene.t(`matching.choices.side.${figure}`),
      first: numberIn(scene, first[figure]),
      another: numberIn(scene, another[figure]),
    })),
    working: {
      label: scene.t('matching.choices.side.working'),
      first: workingOf(scene, first),
      another: workingOf(scene, another),
    },
    months: byMonth.map(([each, here]) => {
      const counted = sidesOf(here.map(soFarOf))
      return {
        ...{ href: `/choices?month=${each}`, text: monthInWords(scene.words, each), isShown: each === month },
        ...{ all: numberIn(scene, here.length), first: numberIn(scene, counted.first.choices) },
        chart: bar({ value: here.length, most }, scene.t('matching.choices.count', { count: here.length })),
      }
    }),
    month: month && monthInWords(scene.words, month),
    rows: choices.filter((choice) => choice.month === month).map((choice) => rowOf(scene, choice, names)),
  }
}

function rowOf(scene: Scene, choice: DatedChoice, names: ReadonlyMap<ClientId, string>) {
  const { first, chosen, tookFirst, reason, stage, outcome, referralId, recommendationId, clientId } = choice
  const name = names.get(clientId) ?? null
  return {
    name: name ?? scene.t('matching.choices.file_closed_to_you'),
    isContent: name !== null,
    href: name === null ? null : `/clients/${clientId}/recommendations/${recommendationId}`,
    when: scene.moment(choice.chosenAt),
    first: first?.name ?? null,
    chosen: chosen.name,
    tookFirst,
    reason: reason === null ? null : scene.t(`matching.reason.${reason}`),
    words: choice.words,
    stage: scene.t(`matching.choices.stage.${stage}`),
    referralHref: referralId && name !== null ? `/referrals/${referralId}` : null,
    outcome:
      outcome === null ? scene.t('matching.choices.outcome.unknown') : scene.t(`matching.choices.outcome.${outcome}`),
  }
}

function soFarOf({ tookFirst, stage, outcome }: OwnChoice): ChoiceSoFar {
  return { tookFirst, stage, isWorking: isWorkingBy(outcome) }
}

/** Lost touch is not known, never "not working". */
function isWorkingBy(outcome: string | null): boolean | null {
  return outcome === null || outcome === 'lost_touch' ? null : outcome === 'working'
}

function workingOf(scene: Scene, { working, heard }: SideFigures): string {
  return scene.t('matching.choices.working_of', { working, heard })
}

function numberIn(scene: Scene, count: number): string {
  return scene.words.formatted(count.toLocaleString(scene.locale))
}
