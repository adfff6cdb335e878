// The day's work on one page.

import { fullName, type Client } from '#clients/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'

export function todayPage(scene: Scene, { main, recent }: { main: readonly Panel[]; recent: readonly Client[] }) {
  return {
    title: scene.t('casefile.today.title'),
    day: scene.day(scene.today, 'weekday'),
    main,
    recent: recent.map((client) => ({
      href: `/clients/${client.id}`,
      name: fullName(client),
      reference: client.reference,
    })),
  }
}
