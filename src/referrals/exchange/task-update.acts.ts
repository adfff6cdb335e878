// Taking what a partner's system says of a referral: all of it or nothing, once however often it is sent.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ApiScene } from '#platform/http/api.ts'
import type { ReferralId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { conversationOf } from '../conversation/referral-messages.store.ts'
import type { ReferralActor, ReferralEventId, ReportedEvent } from '../event.ts'
import { apply, unseenChange } from '../referral.ts'
import { actOn } from '../referrals.acts.ts'
import { holdReferral, type KeptReferral } from '../referrals.store.ts'
import type { ApiBearer } from './api-token.ts'
import { refusalOf, type Issue } from './outcome.ts'
import { stepsTo, type IncomingTask, type Step } from './task-update.ts'
import { versionOf } from './task.ts'

export interface Refusal {
  readonly status: 404 | 409 | 412 | 422
  readonly issues: readonly [Issue, ...Issue[]]
}

export interface Update {
  readonly id: ReferralId
  readonly task: IncomingTask
  /** The version that the sender changed, of `If-Match`; null when it did not say. */
  readonly seen: number | null
}

/** Does what the Task says. Refused when somebody else changed the referral since, when the machine does not take it, or when
 *  it cannot be understood; then nothing is written. */
export async function takeUpdate(
  scene: ApiScene<ApiBearer>,
  { id, task, seen }: Update,
): Promise<Result<KeptReferral, Refusal>> {
  const held = await holdReferral(scene.db, id)
  if (!held) return refused({ status: 404, issues: [{ code: 'not-found', says: 'There is no such Task here.' }] })
  const { file, referral } = held
  if (task.id !== id) return unprocessable('Task.id', 'The Task has another id than its address.')
  if (task.focus?.reference !== undefined && !task.focus.reference.endsWith(`ServiceRequest/${id}`))
    return unprocessable('Task.focus', 'What a Task is about does not change.')
  const known = await conversationOf(scene.db, id, 'partner')
  const moment = { today: scene.today, timeZone: scene.network.timeZone, knownWords: known.map(({ words }) => words) }
  const steps = stepsTo(task, referral, moment)
  if (steps.ok && steps.value.length === 0) return ok(held)
  // Before anything else is said of it: what was meant for another version is judged by that version.
  if (seen !== null && (seen > versionOf(referral) || unseenChange(referral, seen) !== null))
    return refused({
      status: 412,
      issues: [{ code: 'conflict', says: 'It was changed since that version. Read it again.' }],
    })
  if (!steps.ok) return refused({ status: 422, issues: steps.problem })
  const actor: ReferralActor = { kind: 'partner', id: file.organizationId, name: file.organizationName }
  const events = steps.value.map((step, index): ReportedEvent & Step['happening'] => ({
    ...step.happening,
    id: eventIdOf([scene.bearer.tokenId, id, seen ?? versionOf(referral), index, JSON.stringify(step)]),
    actor,
    channel: 'api',
  }))
  // All steps are tried on paper first: a transaction that has begun to write is not left half done.
  let trial = referral
  for (const event of events) {
    const tried = apply(trial, event, scene.now)
    if (!tried.ok) {
      const { status, issue } = refusalOf(tried.problem)
      return refused({ status, issues: [issue] })
    }
    trial = tried.value
  }
  let kept: KeptReferral = held
  for (const [index, event] of events.entries()) {
    const done = await actOn(scene, id, event, { words: steps.value[index]?.words ?? null })
    if (!done.ok) throw new Error(`What was tried on paper was refused: ${done.problem.code}`)
    kept = done.value
  }
  return ok(kept)
}

/** The same update of the same version gives the same event, whatever happens on the way. A UUID of version 8 (RFC 9562, 5.8). */
function eventIdOf(parts: readonly (string | number)[]): ReferralEventId {
  const bytes = createHash('sha256').update(parts.join('\0')).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as ReferralEventId
}

/** The version that `If-Match` names, null without one; undefined when it is none of ours. */
export function versionNamed(header: string | null): number | null | undefined {
  if (header === null) return null
  const said = z.coerce
    .number()
    .int()
    .positive()
    .safeParse(/^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())?.[1])
  return said.success ? said.data : undefined
}

function unprocessable(at: string, says: string) {
  return refused({ status: 422, issues: [{ code: 'business-rule', at, says }] } as const)
}
