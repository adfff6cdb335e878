// What a referral may offer to share of the assessment: questions and answers about work, in the order of use to a partner.

import type { FactCode } from '#directory/index.ts'
import type { Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { assessmentsOf } from '../assessments.store.ts'
import { questionsOf } from '../instrument.ts'
import { ask } from '../items/every-type.item.ts'
import { sayIn } from '../pages/say.page.ts'
import { profileOf } from '../profile.store.ts'

// Nothing about health, money, family, home, origin or safety: those are told to a partner by the client, or not at all.
const shareable: readonly FactCode[] = [
  ...(['aims', 'language_level', 'languages', 'schooling', 'occupation_group', 'credential_abroad'] as const),
  ...(['credential_recognised', 'digital_skills', 'driving_licence', 'hours_available', 'hours_a_week'] as const),
  'minutes_willing_to_travel',
]

/** One line a question, as `question answer`, from the latest completed answers; in the reader's language where the
 *  instrument has it. Empty when nothing of use was answered. The client decides which are shared. */
export async function summaryForSharing(scene: Scene, clientId: ClientId): Promise<readonly string[]> {
  const { sources } = await profileOf(scene.db, clientId, { asOf: scene.now, on: scene.today })
  const assessments = new Map((await assessmentsOf(scene.db, clientId)).map((one) => [String(one.id), one]))
  const told = shareable.flatMap((fact) => sources[fact] ?? [])
  const lines = told.flatMap(({ assessmentId, linkId }) => {
    const assessment = assessments.get(assessmentId)
    const question = assessment && questionsOf(assessment.instrument.items).find((one) => one.linkId === linkId)
    const given = assessment?.answers?.get(linkId)
    if (!assessment || !question || !given) return []
    const say = sayIn(scene, assessment.instrument, scene.locale)
    const answers = ask(question)
      .summary(given, say)
      .map(({ text }) => text)
    return [`${say.content(question.words).text} ${answers.join(', ')}`]
  })
  return [...new Set(lines)]
}
