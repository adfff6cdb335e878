// Which thing is meant, and who was told: the two questions that are asked only where the answer is not clear.

import type { Client } from '#clients/index.ts'
import { textOf, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import { newId } from '#platform/ids.ts'
import { followUpDay, type ToldThing } from '../informal.ts'
import type { Meant } from '../told.scene.ts'

/** Shown again with what was typed; the best match is chosen beforehand, so that one more key is enough. */
export function whichPage(
  scene: Scene,
  { client, body, choices }: { client: Pick<Client, 'id'>; body: FormBody; choices: readonly Meant[] },
) {
  const name = textOf(body, 'name')
  return {
    title: scene.t('referrals.informal.which_title'),
    action: `/clients/${client.id}/told`,
    backHref: `/clients/${client.id}`,
    kept: ['told', 'name', 'words', 'ask'].map((field) => ({ name: field, value: textOf(body, field) })),
    choices: choices.map(({ value, label }, n) => ({
      id: n === 0 ? 'choice' : `choice-${n}`,
      value,
      label,
      isFirst: n === 0,
    })),
    typed: name,
  }
}

interface Whom {
  readonly thing: ToldThing
  readonly back: string
  readonly body: FormBody
  readonly people: readonly { readonly id: string; readonly name: string; readonly reference: string }[]
  readonly problems?: readonly FieldProblem[]
}

export function whomPage(scene: Scene, { thing, back, body, people, problems = [] }: Whom) {
  const q = textOf(body, 'q')
  return {
    title: scene.t('referrals.informal.whom_title'),
    name: thing.name,
    action: `${back}/told`,
    backHref: back,
    told: textOf(body, 'told') || newId<'informal_referral'>(scene.now.getTime()),
    words: textOf(body, 'words'),
    isAsked: !('told' in body) || textOf(body, 'ask') !== '',
    askLabel: askLabel(scene),
    q,
    problems: scene.problems(problems),
    sentence: scene.t(q === '' ? 'referrals.informal.recent' : 'referrals.informal.found', { count: people.length }),
    items: people.map(({ id, name, reference }, n) => ({
      value: id,
      text: `${name} · ${reference}`,
      checked: q !== '' && people.length === 1 && n === 0,
    })),
  }
}

/** "Ask me in two weeks", with the day. */
export function askLabel(scene: Scene): string {
  return scene.t('referrals.informal.ask', {
    day: scene.day(followUpDay(scene.today, scene.network.holidays), 'weekday'),
  })
}
