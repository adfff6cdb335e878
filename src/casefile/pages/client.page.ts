// A case at a glance: the person, what comes next, and what every room knows of them.

import type { Client, NextStep as Button, TimelineItem } from '#clients/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import type { NextStep } from '../next-step.ts'

interface Joined {
  readonly summary: Panel
  /** The work: assessment, recommendation, referrals. */
  readonly main: readonly Panel[]
  /** What is beside it: notes, follow-ups. */
  readonly beside: readonly Panel[]
  readonly timeline: readonly TimelineItem[]
}

export function clientPage(scene: Scene, client: Client, { summary, main, beside, timeline }: Joined) {
  return {
    // The reference, not the name: titles stay in histories and on shared screens.
    title: scene.t('casefile.client.title', { reference: client.reference }),
    summary,
    main,
    beside,
    timeline: timeline.map(({ at, text, by, href }) => ({
      when: scene.moment(at),
      iso: at.toISOString(),
      text,
      by,
      href,
    })),
  }
}

// messages: casefile.next.*

export function nextStepButton(scene: Scene, client: Pick<Client, 'id'>, step: NextStep): Button {
  const text = scene.t(`casefile.next.${step.kind}`)
  switch (step.kind) {
    case 'go_on_with_assessment':
      return { text, href: `/assessments/${step.id}` }
    case 'assess':
      return { text, href: `/clients/${client.id}/assessments/new` }
    case 'see_referral':
      return { text, href: `/referrals/${step.id}` }
    case 'find_service':
      return { text, href: `/clients/${client.id}/recommendations`, isDoneAtOnce: true }
  }
}
