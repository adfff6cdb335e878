// A case at a glance: the person, what comes next, and what every room knows of them.

import type { Client, TimelineItem } from '#clients/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'

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
