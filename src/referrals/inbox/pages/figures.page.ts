// The partner's figures in sentences and tables: one honest sentence first, then the numbers that it rests on.

import type { PageModel } from '#platform/http/index.ts'
import { figuresByService, figuresOf, periods, type PartnerFigures, type Period, type Received } from '../figures.ts'
import type { InboxScene } from './inbox.page.ts'

// messages: referrals.inbox.figures.period.*
// messages: referrals.decline_reason.*

export function figuresPage(
  scene: InboxScene,
  { period, received }: { readonly period: Period; readonly received: readonly Received[] },
): PageModel {
  const at = { today: scene.today, holidays: scene.network.holidays }
  const all = figuresOf(received, at)
  const services = figuresByService(received, at)
  return {
    title: scene.t('referrals.inbox.figures.title'),
    tabs: periods.map((each) => ({
      href: `/inbox/figures?period=${each}`,
      text: scene.t(`referrals.inbox.figures.period.${each}`),
      isCurrent: each === period,
    })),
    isEmpty: received.length === 0,
    sentence: scene.t('referrals.inbox.figures.sentence', {
      received: all.received,
      answered: all.answered,
      accepted: all.accepted,
    }),
    median: all.medianDays === null ? null : scene.t('referrals.inbox.figures.median', { days: all.medianDays }),
    rows: [
      ...services.map(({ name, figures }) => ({ name, isAll: false, ...figuresRow(scene, figures) })),
      // With one service the last line would say the same once more.
      ...(services.length > 1
        ? [{ name: scene.t('referrals.inbox.figures.all_services'), isAll: true, ...figuresRow(scene, all) }]
        : []),
    ],
    declined: all.declined.map(({ reason, count }) => ({
      reason: scene.t(`referrals.decline_reason.${reason}`),
      count: String(count),
    })),
  }
}

function figuresRow(scene: InboxScene, figures: PartnerFigures) {
  return {
    received: String(figures.received),
    inTime:
      figures.due === 0
        ? '–'
        : scene.t('referrals.inbox.figures.in_time_of', { inTime: figures.inTime, due: figures.due }),
    open: figures.open > 0 ? scene.t('referrals.inbox.figures.in_time_open', { open: figures.open }) : null,
    median: figures.medianDays === null ? '–' : String(figures.medianDays),
    accepted: String(figures.accepted),
    attended: String(figures.attended),
    completed: String(figures.completed),
  }
}
