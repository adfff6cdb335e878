// The short first conversation as one form: the marked questions of every set, each in the words of its own.

import { noProblems, type FormBody, type Scene } from '#platform/http/index.ts'
import type { DeskPart } from '../desk.ts'
import type { GroupForm } from '../group.form.ts'
import { languagesOf } from '../instrument.ts'
import { preferredLanguage } from './client-assessments.page.ts'
import { elementsOf, errorsOf, fieldProblems } from './group.page.ts'
import { sayIn } from './say.page.ts'
import { conditionsScript } from './script.page.ts'

interface Shown {
  readonly parts: readonly { readonly part: DeskPart; readonly form?: GroupForm }[]
  readonly typed?: FormBody
  readonly isEmpty?: boolean
}

interface Client {
  readonly id: string
  readonly name: string
  readonly language: string | null
}

export function deskPage(scene: Scene, client: Client, { parts, typed, isEmpty = false }: Shown) {
  const shown = parts.map(({ part, form }) => {
    const { instrument, page, open } = part
    const language = open?.language ?? preferredLanguage(languagesOf(instrument), client.language, scene.locale)
    const say = sayIn(scene, instrument, language)
    const problems = form?.problems ?? []
    const elements = elementsOf(
      instrument,
      { page, answers: form?.answers ?? part.answers, typed },
      say,
      errorsOf(scene, problems),
    )
    return { elements, problems: fieldProblems(scene, instrument.items, problems, say) }
  })
  const problems = shown.flatMap((one) => one.problems)
  const elements = shown.flatMap((one) => one.elements)
  const first = elements[0]
  const listed =
    isEmpty && first ? [{ field: `${first.name}-item`, key: 'assessment.check.nothing' }, ...problems] : problems
  return {
    title: scene.t('assessment.desk.title'),
    clientName: client.name,
    backHref: `/clients/${client.id}`,
    action: `/clients/${client.id}/assessments/short`,
    fullHref: `/clients/${client.id}/assessments/new`,
    count: elements.filter(({ isHidden }) => !isHidden).length,
    problems: listed.length > 0 ? scene.problems(listed) : noProblems,
    elements,
    script: conditionsScript,
  }
}
