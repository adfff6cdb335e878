// The day's work on one page.

import { fullName, type Client } from '#clients/index.ts'
import { dayIn, daysBetween } from '#platform/dates.ts'
import type { DueItem } from '#platform/due.ts'
import type { Scene } from '#platform/http/index.ts'
import type { OrderedDay } from '../today.ts'

export interface TodayOptions {
  readonly day: OrderedDay
  readonly recent: readonly Client[]
}

// messages: casefile.today.group_*

export function todayPage(scene: Scene, { day, recent }: TodayOptions) {
  const late = day.mine.find(({ group }) => group === 'late')?.items.length ?? 0
  const count = day.mine.reduce((sum, { items }) => sum + items.length, 0)
  return {
    title: scene.t('casefile.today.title'),
    day: scene.day(scene.today, 'weekday'),
    lead: scene.t('casefile.today.lead', { count, late }),
    groups: day.mine.map(({ group, items }) => ({
      id: group,
      heading: scene.t(`casefile.today.group_${group}`, { count: items.length }),
      isLate: group === 'late',
      rows: items.map((item) => rowOf(scene, item)),
    })),
    others: day.others.map((item) => rowOf(scene, item)),
    recent: recent.map((client) => ({
      href: `/clients/${client.id}`,
      name: fullName(client),
      reference: client.reference,
    })),
  }
}

function rowOf(scene: Scene, item: DueItem) {
  return { ...item, due: dueWords(scene, item.due), isLate: item.due < scene.now }
}

function dueWords(scene: Scene, due: Date): string {
  const day = dayIn(scene.network.timeZone, due)
  const days = daysBetween(day, scene.today)
  if (due < scene.now) return scene.t('casefile.today.due_late', { days, day: scene.day(day, 'short') })
  if (days === 0) return scene.t('casefile.today.due_today')
  return scene.t('casefile.today.due_by', { day: scene.day(day, 'short') })
}
