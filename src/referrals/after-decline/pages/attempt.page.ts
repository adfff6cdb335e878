// Planning the next try: what the partner had to reach the client by, and when and how it is tried next.

import { fullName, type Client } from '#clients/index.ts'
import { addWorkingDays } from '#platform/dates.ts'
import { textOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import { dayParts } from '../../pages/act.page.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import type { SharedEntry } from '../../sharing/share.ts'
import { waysToReach, type WayToTry } from '../attempt.ts'

// messages: referrals.after-decline.way.*

export interface AttemptPageOptions {
  readonly kept: KeptReferral
  readonly client: Client
  /** What was shared with the partner. */
  readonly shared: readonly SharedEntry[]
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

export function attemptPage(scene: Scene, { kept, client, shared, body, problems }: AttemptPageOptions): PageModel {
  const said = textOf(body, 'way') || usualWay(client)
  return {
    title: scene.t('referrals.after-decline.attempt_title'),
    clientName: fullName(client),
    reference: kept.file.reference,
    back: `/referrals/${kept.file.id}`,
    action: `/referrals/${kept.file.id}/attempt`,
    tried: shared.filter(({ field }) => waysShared.includes(field)).flatMap(({ lines }) => lines),
    known: [
      ...client.phones,
      ...(client.email === null ? [] : [client.email]),
      ...(client.address ? [client.address] : []),
    ],
    fileHref: `/clients/${client.id}/edit`,
    day: {
      parts: dayParts(scene, body, 'attempt'),
      hint: scene.t('referrals.after-decline.attempt_hint', {
        day: scene.day(addWorkingDays(scene.today, 2, scene.network.holidays), 'weekday'),
      }),
    },
    ways: waysToReach.map((way) => ({
      value: way,
      text: scene.t(`referrals.after-decline.way.${way}`),
      checked: said === way,
    })),
    problems: scene.problems(problems),
  }
}

/** Fields by which somebody can be reached. */
const waysShared: readonly string[] = ['phone', 'email', 'address']

function usualWay({ phones, email }: Client): WayToTry {
  return phones.length > 0 ? 'phone' : email === null ? 'at_centre' : 'email'
}
