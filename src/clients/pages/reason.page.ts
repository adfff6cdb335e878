// Why someone opens a file of another site.

import { z } from 'zod'
import {
  noProblems,
  oneOf,
  optionalText,
  textOf,
  type FieldProblem,
  type FormBody,
  type Scene,
} from '#platform/http/index.ts'
import { visitReasons } from '../client-access.store.ts'
import type { Client } from '../client.ts'
import type { Surroundings } from '../surroundings.scene.ts'

// messages: clients.visit.*

export const reasonForm = z
  .object({ reason: oneOf(visitReasons, 'clients.reason.missing'), words: optionalText(500) })
  .refine(({ reason, words }) => reason !== 'other' || words !== null, {
    path: ['words'],
    message: 'clients.reason.words_missing',
  })

interface Asking {
  readonly surroundings: Surroundings
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
}

/** Shows the reference and the site, so that it is the right file, and nothing else of it. */
export function reasonPage(scene: Scene, client: Client, { surroundings, body = {}, problems = [] }: Asking) {
  const chosen = textOf(body, 'reason')
  return {
    title: scene.t('clients.reason.title'),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    reference: client.reference,
    site: surroundings.siteName(client.siteId),
    action: `/clients/${client.id}/reason`,
    reasons: visitReasons.map((value) => ({
      value,
      text: scene.t(`clients.visit.${value}`),
      checked: value === chosen,
    })),
    words: textOf(body, 'words'),
  }
}
