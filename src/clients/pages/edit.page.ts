// Editing circumstances and access needs.

import { noProblems, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import type { Client } from '../client.ts'
import { circumstancesFields, typedCircumstances } from './circumstances.page.ts'
import { fileHead } from './file.page.ts'

interface Editing {
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
}

export function editPage(scene: Scene, client: Client, { body, problems = [] }: Editing = {}) {
  const shown = problems.length > 0 ? scene.problems(problems) : noProblems
  return {
    title: scene.t('clients.edit.title'),
    head: fileHead(client),
    problems: shown,
    form: circumstancesFields(scene, body ?? typedCircumstances(client), shown),
    action: `/clients/${client.id}/edit`,
    version: client.version,
    disclosuresHref: `/clients/${client.id}/disclosures`,
  }
}
