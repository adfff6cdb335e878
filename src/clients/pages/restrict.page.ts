// Restricting a file to named staff, or opening it again.

import { noProblems, textsOf, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import type { StaffId } from '#platform/ids.ts'
import type { Client } from '../client.ts'
import { chosenOf, type Surroundings } from '../surroundings.scene.ts'
import { fileHead } from './file.page.ts'

/** The staff ticked, of those who may be named; null when the file is to be open to all. */
export function readRestriction(body: FormBody, surroundings: Surroundings): readonly StaffId[] | null {
  if (textsOf(body, 'who')[0] !== 'named') return null
  const may = surroundings.advisers.map(({ id }) => id)
  return textsOf(body, 'staff').flatMap((text) => chosenOf<'staff'>(text, may) ?? [])
}

interface Restricting {
  readonly surroundings: Surroundings
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
}

export function restrictPage(scene: Scene, client: Client, { surroundings, body, problems = [] }: Restricting) {
  const named = body ? textsOf(body, 'staff') : (client.restrictedTo ?? [scene.actor.id, client.adviserId])
  const isRestricted = body ? textsOf(body, 'who')[0] === 'named' : client.restrictedTo !== null
  return {
    title: scene.t('clients.restrict.title'),
    head: fileHead(client),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    action: `/clients/${client.id}/restrict`,
    isRestricted,
    people: surroundings.advisers.map(({ id, name }) => ({ value: id, text: name, checked: named.includes(id) })),
  }
}
