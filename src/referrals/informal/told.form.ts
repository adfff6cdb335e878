// What is typed when somebody was told about a service: the thing, a word, and whether to ask.

import { z } from 'zod'
import { optionalText, requiredText, textOf, ticked, type FormBody, type Scene } from '#platform/http/index.ts'
import { newId, parseId } from '#platform/ids.ts'
import { followUpDay, type InformalId } from './informal.ts'
import type { NewInformal } from './informal.store.ts'

/** From the client's page: what they were told about is typed. */
export const toldForm = z.object({
  name: requiredText('referrals.informal.name_missing', 120),
  words: optionalText(300),
  ask: ticked(),
})

/** From the page of a service or partner: what they were told about is known. */
export const wordForm = z.object({ words: optionalText(300), ask: ticked() })

/** The rest of an informal referral, as the form says it. */
export function restOf(
  scene: Pick<Scene, 'network' | 'today' | 'now'>,
  body: FormBody,
  { words, ask }: { words: string | null; ask: boolean },
): Pick<NewInformal, 'id' | 'words' | 'followUpOn'> {
  return { id: drawnId(scene, body), words, followUpOn: ask ? followUpDay(scene.today, scene.network.holidays) : null }
}

/** The id that the form was drawn with, so that a form sent twice is one. */
function drawnId({ now }: Pick<Scene, 'now'>, body: FormBody): InformalId {
  return parseId<'informal_referral'>(textOf(body, 'told')) ?? newId<'informal_referral'>(now.getTime())
}
