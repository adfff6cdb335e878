// The calm page for what is not there, is not theirs, or went wrong.

import type { Words } from '../i18n/index.ts'
import { page, type Answer } from './answer.ts'
import { NotAllowed, NotFound } from './errors.ts'

// messages: platform.refusal.*

const statuses = { not_found: 404, not_allowed: 403, stale_form: 400, failed: 500 } as const

export type RefusalKind = keyof typeof statuses | 'unusable'

/** `status` is needed for what was unusable in its own way; `reference` is what somebody may quote to the operator. */
export function refusalPage(
  words: Words,
  kind: RefusalKind,
  { status, reference = null }: { status?: number; reference?: string | null } = {},
): Answer {
  const model = {
    title: words.t(`platform.refusal.${kind}_title`),
    message: words.t(`platform.refusal.${kind}_text`),
    reference,
  }
  return page('platform/ui/pages/refusal.njk', model, {
    status: status ?? (kind === 'unusable' ? 400 : statuses[kind]),
  })
}

/** What a page that was refused says; null for what is no refusal but a fault. */
export function refusalOf(error: unknown): 'not_found' | 'not_allowed' | null {
  if (error instanceof NotFound) return 'not_found'
  return error instanceof NotAllowed ? 'not_allowed' : null
}
