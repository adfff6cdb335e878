// The question why, as it is drawn: the reasons, and beneath two of them what they ask besides.

import { ruleInWords, rulesOfService, speechOf } from '#directory/index.ts'
import { textOf, type FormBody, type OtherActor, type PartnerActor, type Scene } from '#platform/http/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import type { Act } from '../act.ts'
import { otherRequirement } from './decline.form.ts'

type AnyScene = Scene | Scene<OtherActor> | Scene<PartnerActor>

/** One requirement that may not be met. */
export interface RequirementChoice {
  readonly id: string
  readonly text: string
}

/** The requirements of the service, for the form that declines; none for other questions. */
export async function requirementChoices(
  scene: AnyScene,
  act: Act,
  serviceId: ServiceId,
): Promise<readonly RequirementChoice[]> {
  if (act !== 'decline') return []
  const speech = speechOf(scene)
  return (await rulesOfService(scene.db, serviceId)).map(({ id, rule }) => ({ id, text: ruleInWords(rule, speech) }))
}

/** What `not_eligible` asks besides; null where the directory lists nothing that could be named. */
export function requirementQuestion(scene: AnyScene, body: FormBody, choices: readonly RequirementChoice[]) {
  if (choices.length === 0) return null
  const said = textOf(body, 'requirement')
  return {
    label: scene.t('referrals.after-decline.which_requirement'),
    items: [
      ...choices.map(({ id, text }) => ({
        value: id,
        text,
        checked: said === id,
        label: { attributes: { 'data-content': '' } },
      })),
      {
        value: otherRequirement,
        text: scene.t('referrals.after-decline.other_requirement'),
        checked: said === otherRequirement,
      },
    ],
  }
}
