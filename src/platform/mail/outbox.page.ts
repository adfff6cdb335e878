// The outbox: what mail there is, how it stands, and what stood in its way, in words. It never shows what a mail says.

import type { PageModel, Scene } from '../http/index.ts'
import type { MailRow, MailState } from './mail.store.ts'
import { mailStates } from './mail.store.ts'
import { delayProblems, refusalProblems } from './retry.ts'

// messages: platform.outbox.state_*
// messages: platform.outbox.problem_*
// messages: platform.outbox.again_*
// messages: staff.mail_kind.*
// messages: partners.mail_kind.*
// messages: referrals.mail_kind.*
// messages: outcomes.mail_kind.*
// messages: matching.mail_kind.*

export const mailsAPage = 50

export interface OutboxOptions {
  readonly mails: readonly MailRow[]
  readonly counts: ReadonlyMap<MailState, number>
  readonly state: MailState | null
  /** From 1. */
  readonly page: number
  readonly sendsMail: boolean
  /** Kinds of mail that go to clients, whom administrators do not get to know. */
  readonly kindsToClients: ReadonlySet<string>
}

export function outboxPage(scene: Scene, options: OutboxOptions): PageModel {
  const { mails, counts, state, page, sendsMail } = options
  const total = state === null ? sum(counts.values()) : (counts.get(state) ?? 0)
  return {
    title: scene.t('platform.outbox.title'),
    lead: scene.t(sendsMail ? 'platform.outbox.sending' : 'platform.outbox.held'),
    filters: [
      { state: null, count: sum(counts.values()) },
      ...mailStates
        .map((each) => ({ state: each, count: counts.get(each) ?? 0 }))
        .filter(({ state: each, count }) => count > 0 || each === state),
    ].map((each) => ({
      text: scene.t(`platform.outbox.state_${each.state ?? 'all'}`),
      count: each.count,
      href: addressOf(each.state, 1),
      isCurrent: each.state === state,
    })),
    rows: mails.map((mail) => rowOf(scene, mail, options)),
    // Failed mails stay where they are once they go again, so the way back leads to the same list.
    back: addressOf(state, page),
    previous: page > 1 ? addressOf(state, page - 1) : null,
    next: page * mailsAPage < total ? addressOf(state, page + 1) : null,
    empty: scene.t(total === 0 && state === null ? 'platform.outbox.empty' : 'platform.outbox.none_such'),
  }
}

function rowOf(scene: Scene, mail: MailRow, { kindsToClients, sendsMail }: OutboxOptions) {
  return {
    id: mail.id,
    when: scene.moment(mail.createdAt),
    recipient: kindsToClients.has(mail.kind) ? veiled(mail.recipient) : mail.recipient,
    about: kindName(scene, mail.kind),
    href: scene.network.isDemo ? `/settings/outbox/${mail.id}` : null,
    state: scene.t(`platform.outbox.state_${mail.state}`),
    tone: tones[mail.state],
    problem: mail.problem === null ? null : problemText(scene, mail.problem),
    more: moreOf(scene, mail),
    again:
      sendsMail && (mail.state === 'failed' || mail.state === 'held')
        ? { text: scene.t(`platform.outbox.again_${mail.state}`), said: kindName(scene, mail.kind) }
        : null,
  }
}

const tones: Readonly<Record<MailState, string>> = {
  queued: 'wait',
  sending: 'wait',
  held: 'wait',
  sent: 'good',
  failed: 'stop',
  cancelled: 'plain',
}

function moreOf(scene: Scene, { state, sentAt, nextTryAt, attempts }: MailRow): string | null {
  if (state === 'sent' && sentAt !== null) return scene.t('platform.outbox.sent_at', { when: scene.moment(sentAt) })
  if (state === 'queued' && nextTryAt !== null) {
    return scene.t('platform.outbox.next_try', { when: scene.moment(nextTryAt), tries: attempts })
  }
  return state === 'failed' && attempts > 1 ? scene.t('platform.outbox.tries', { tries: attempts }) : null
}

const problems: readonly string[] = [...refusalProblems, ...delayProblems, 'no_answer', 'withdrawn']

function problemText(scene: Scene, problem: string): string {
  return scene.t(`platform.outbox.problem_${problems.includes(problem) ? problem : 'other'}`)
}

/** `referrals.sent` is named by the feature itself, as `referrals.mail_kind.sent`. */
function kindName(scene: Scene, kind: string): string {
  const [feature = '', ...rest] = kind.split('.')
  const key = `${feature}.mail_kind.${rest.join('_')}`
  return scene.words.has(key) ? scene.t(key) : scene.t('platform.outbox.kind_other')
}

function addressOf(state: MailState | null, page: number): string {
  const query = new URLSearchParams()
  if (state !== null) query.set('state', state)
  if (page > 1) query.set('page', String(page))
  return query.size > 0 ? `/settings/outbox?${query}` : '/settings/outbox'
}

/** Enough to tell two apart, not enough to know who it is. */
function veiled(address: string): string {
  return address.replace(/^(.)[^@]*/u, '$1…')
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((all, each) => all + each, 0)
}
