// Several referrals at once: what would be done with which, asked before; and what was done, told after.

import type { PageModel } from '#platform/http/index.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import type { Contact } from '#partners/index.ts'
import { openActs } from '../../act.ts'
import { problemLine } from '../../pages/timeline.page.ts'
import { isEnded } from '../../referral.ts'
import type { Done, GivenMeanwhile } from '../inbox.acts.ts'
import type { ReferralProblem } from '../../referral.ts'
import { queryOf, type InboxFilter } from '../inbox-filter.ts'
import type { InboxRow } from '../inbox.store.ts'
import { hiddenOf, inboxRow, type InboxScene } from './inbox.page.ts'

interface Chosen {
  readonly filter: InboxFilter
  readonly rows: readonly InboxRow[]
}

/** Which of those chosen would be accepted, and which cannot be any more. */
export function acceptPage(scene: InboxScene, { filter, rows }: Chosen): PageModel {
  const fit = rows.filter(({ referral }) => openActs(referral, 'partner').includes('accept'))
  const leftOut = rows.filter((row) => !fit.includes(row))
  return {
    ...chosenParts(scene, { filter, rows: fit }),
    title: scene.t('referrals.inbox.accept.title', { count: fit.length }),
    lead: scene.t(fit.length > 0 ? 'referrals.inbox.accept.lead' : 'referrals.inbox.accept.nothing', {
      count: fit.length,
    }),
    button: scene.t('referrals.inbox.accept.button', { count: fit.length }),
    action: '/inbox/accept',
    leftOut: leftOut.map((row) => inboxRow(scene, row)),
    leftOutSays: scene.t('referrals.inbox.accept.left_out', { count: leftOut.length }),
    choices: null,
    problems: scene.problems([]),
  }
}

/** Who should look after them. What has ended needs nobody. */
export function givePage(
  scene: InboxScene,
  { filter, rows, team, isMissing }: Chosen & { readonly team: readonly Contact[]; readonly isMissing: boolean },
): PageModel {
  const open = rows.filter(({ referral }) => !isEnded(referral.state))
  return {
    ...chosenParts(scene, { filter, rows: open }),
    title: scene.t('referrals.inbox.give.title', { count: open.length }),
    lead: null,
    button: scene.t('referrals.inbox.give.button'),
    action: '/inbox/give',
    leftOut: [],
    leftOutSays: null,
    choices: giveChoices(scene, team),
    problems: scene.problems(isMissing ? [{ field: 'to', key: 'referrals.inbox.give.missing' }] : []),
  }
}

/** Me first, then the colleagues who sign in, then nobody. */
export function giveChoices(scene: InboxScene, team: readonly Contact[], now: string | null = null) {
  const choice = (value: string, text: string) => ({
    value,
    text,
    checked: value === (now ?? 'nobody') && now !== null,
  })
  const others = team.filter(({ id }) => id !== scene.actor.id)
  return [
    choice(scene.actor.id, scene.t('referrals.inbox.give.me', { name: scene.actor.name })),
    ...others.map(({ id, name }) => choice(id, name)),
    choice('nobody', scene.t('referrals.inbox.give.nobody')),
  ]
}

function chosenParts(scene: InboxScene, { filter, rows }: Chosen) {
  return {
    back: `/inbox${queryOf(filter)}`,
    hidden: hiddenOf(filter),
    rows: rows.map((row) => ({
      ...inboxRow(scene, row),
      // Drawn with the form: a form sent twice is one event each.
      event: newId<'referral_event'>(scene.now.getTime()),
      seen: row.assignedTo?.id ?? '',
    })),
  }
}

/** Told after some were refused: how many were done, and each of the others with the reason. */
export function resultPage(
  scene: InboxScene,
  {
    what,
    done,
    rows,
    filter,
  }: {
    readonly what: 'accept' | 'give'
    readonly done: readonly Done<ReferralProblem | GivenMeanwhile>[]
    readonly rows: readonly InboxRow[]
    readonly filter: InboxFilter
  },
): PageModel {
  const failed = done.filter(({ result }) => !result.ok)
  return {
    title: scene.t('referrals.inbox.result.title'),
    done: scene.t(`referrals.inbox.${what}.some`, { count: done.length - failed.length }),
    failed: scene.t(`referrals.inbox.${what}.failed`, { count: failed.length }),
    others: failed.flatMap(({ id, result }) => {
      const row = rows.find(({ file }) => file.id === id)
      return row && !result.ok ? [{ ...whichOne(row, id), why: whyNot(scene, result.problem) }] : []
    }),
    back: `/inbox${queryOf(filter)}`,
  }
}

function whichOne({ file }: InboxRow, id: ReferralId) {
  return { href: `/inbox/${id}`, reference: file.reference, service: file.serviceName }
}

export function whyNot(scene: InboxScene, problem: ReferralProblem | GivenMeanwhile) {
  return problem.code === 'given_meanwhile'
    ? { key: 'referrals.inbox.give.meanwhile', values: {} }
    : problemLine(scene, problem)
}
// messages: referrals.inbox.accept.*
// messages: referrals.inbox.give.*
