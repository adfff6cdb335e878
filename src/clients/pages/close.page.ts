// Closing a file with a reason.

import { z } from 'zod'
import { noProblems, oneOf, textOf, type FieldProblem, type FormBody, type Scene } from '#platform/http/index.ts'
import { closingReasons, type Client } from '../client.ts'
import { fileHead } from './file.page.ts'

// messages: clients.closing.*

export const closeForm = z.object({ reason: oneOf(closingReasons, 'clients.close.reason_missing') })

export function closePage(scene: Scene, client: Client, body: FormBody = {}, problems: readonly FieldProblem[] = []) {
  const chosen = textOf(body, 'reason')
  return {
    title: scene.t('clients.close.title'),
    head: fileHead(client),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    action: `/clients/${client.id}/close`,
    reasons: closingReasons.map((value) => ({
      value,
      text: scene.t(`clients.closing.${value}`),
      checked: value === chosen,
    })),
  }
}
