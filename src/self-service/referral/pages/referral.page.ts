// A client's own pages of a referral, in short sentences.

import type { FieldProblem, OtherActor, PageModel, Scene } from '#platform/http/index.ts'
import { clientSide } from '#referrals/index.ts'

type ClientScene = Scene<OtherActor>
type View = clientSide.ClientView
/** What a client is asked once more before it is so. */
export type Question = 'cannot_come' | 'was_not_there' | 'stop' | 'consent'

// messages: self-service.referral.*
// messages: clients.shared.*

const key = (name: string) => `self-service.referral.${name}`

export function doorPage(scene: ClientScene): PageModel {
  return { title: scene.t(key('door_title')) }
}

export function deadPage(scene: ClientScene, kind: 'unknown' | 'over'): PageModel {
  return { title: scene.t(key(`${kind}_title`)), textKey: key(`${kind}_text`) }
}

export function appointmentPage(scene: ClientScene, view: View, base: string): PageModel {
  const canSay = view.isAhead && !view.hasEnded
  // A time that does not work any more is not shown as theirs, nor put into a calendar.
  const stands = !view.hasEnded && !view.isBeingMoved
  const missed = view.mayHaveMissed ? mainTap(scene, 'was_not_there', base) : null
  return {
    title: scene.t(key('title')),
    stands: standsKey(view),
    partnerName: view.partnerName,
    siteName: view.siteName,
    letter: stands ? view.letter : null,
    main: canSay && stands ? mainTap(scene, 'cannot_come', base) : missed,
    textHref: view.letter && stands ? `${base}/letter.txt` : null,
    calendarHref: canSay && stands ? `${base}/appointment.ics` : null,
    links: [
      { href: `${base}/shared`, text: scene.t(key('link_shared')) },
      { href: `${base}/messages`, text: scene.t(key('link_messages'), { count: view.messages.length }) },
      ...(view.mayStop ? [{ href: `${base}/stop`, text: scene.t(key('link_stop')) }] : []),
      ...(view.isWithdrawn ? [] : [{ href: `${base}/consent`, text: scene.t(key('link_consent')) }]),
    ],
    reference: view.reference,
  }
}

function mainTap(scene: ClientScene, question: 'cannot_come' | 'was_not_there', base: string) {
  return { href: `${base}/${question.replaceAll('_', '-')}`, text: scene.t(key(`link_${question}`)) }
}

interface Drawn {
  readonly base: string
  /** Drawn with the form: sent twice it is one. */
  readonly event: string
}

export function sharedPage(scene: ClientScene, view: View, base: string): PageModel {
  return {
    title: scene.t(key('shared_title')),
    partnerName: view.partnerName,
    // After the end the partner's page shows nothing of the person any more.
    says: key(view.shared === null ? 'shared_nothing' : view.hasEnded ? 'shared_ended' : 'shared_text'),
    entries: (view.shared ?? []).map(({ field, lines }) => ({ label: scene.t(`clients.shared.${field}`), lines })),
    consentHref: view.isWithdrawn ? null : `${base}/consent`,
    back: `${base}/appointment`,
  }
}

export function messagesPage(
  scene: ClientScene,
  view: View,
  { base, event, words, problems }: Drawn & { readonly words: string; readonly problems: readonly FieldProblem[] },
): PageModel {
  return {
    title: scene.t(key('messages_title')),
    adviserName: view.adviserName,
    messages: view.messages,
    words,
    back: `${base}/appointment`,
    event,
    problems: scene.problems(problems),
  }
}

export function askPage(
  scene: ClientScene,
  view: View,
  {
    question,
    base,
    event,
    words,
    reason,
    problems,
  }: Drawn & {
    readonly question: Question
    readonly words: string
    readonly reason: string
    readonly problems: readonly FieldProblem[]
  },
): PageModel {
  return {
    title: scene.t(key(`${question}_title`)),
    textKey: key(`${question}_text`),
    partnerName: view.partnerName,
    adviserName: view.adviserName,
    reasons:
      question === 'stop'
        ? clientSide.stopReasons.map((value) => ({
            value,
            text: scene.t(key(`stop_${value}`)),
            checked: value === reason,
          }))
        : [],
    asksWords: question !== 'consent',
    words,
    problems: scene.problems(problems),
    wordsHint:
      question === 'cannot_come' || question === 'was_not_there'
        ? scene.t(key('words_hint'))
        : scene.t(key('words_any')),
    button: scene.t(key(`${question}_button`)),
    isGrave: question === 'consent',
    back: `${base}/appointment`,
    event,
  }
}

function standsKey(view: View): string {
  if (view.isWithdrawn) return key('stands_withdrawn')
  if (view.hasEnded) return key('stands_ended')
  if (view.isBeingMoved) return key('stands_moved')
  if (view.letter !== null) return key(view.isAhead ? 'stands_appointment' : 'stands_past')
  return key(`stands_${view.state}`)
}
