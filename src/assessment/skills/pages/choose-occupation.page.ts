// Which occupation is meant by what somebody said: the adviser picks, or keeps the words as they are.

import { fullName, type Client } from '#clients/index.ts'
import { licencePanel, type Found } from '#occupations/index.ts'
import { noProblems, type FieldProblem, type Scene } from '#platform/http/index.ts'
import { namedLanguage } from '#platform/languages.ts'
import type { SkillEntry } from '../skill-entry.ts'
import { suggestScript } from './script.page.ts'

interface Choosing {
  readonly entry: SkillEntry
  /** What was looked for: the client's words, or others. */
  readonly typed: string
  readonly found: Found
  readonly problems?: readonly FieldProblem[]
}

export function chooseOccupationPage(scene: Scene, client: Client, { entry, typed, found, problems = [] }: Choosing) {
  const { occupations, isNearly } = found
  return {
    title: scene.t('assessment.skills.choose_title'),
    clientName: fullName(client),
    backHref: `/clients/${client.id}/skills`,
    action: `/clients/${client.id}/skills/${entry.id}/occupation`,
    script: suggestScript,
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    said: entry.words,
    typed,
    isNearly,
    choices: occupations.map((one, index) => ({
      id: index === 0 ? 'occupation' : `occupation-${index + 1}`,
      value: one.id,
      name: one.name,
      language: one.language,
      foundAs: one.foundAs && {
        label: one.foundAs.label,
        tag: one.foundAs.language,
        language: one.foundAs.language === one.language ? null : namedLanguage(scene, one.foundAs.language),
      },
      description: one.description,
      isChosen: one.id === entry.occupationId,
    })),
    licence: licencePanel(scene, occupations),
  }
}
