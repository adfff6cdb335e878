// The days without work of the network: clocks count around them.

import { page, redirect, textOf, type Answer, type Routes, type Scene, type Work } from '#platform/http/index.ts'
import { readHolidays, type HolidayProblem } from './holidays.ts'
import { saveHolidays } from './networks.store.ts'

const keepers = { roles: ['administrator', 'manager'] } as const

/** What others do in the same transaction when the calendar changes. */
export interface CalendarHooks {
  readonly onHolidaysChanged?: (work: Work) => Promise<void>
}

export function holidaysRoutes(routes: Routes, { onHolidaysChanged }: CalendarHooks = {}): void {
  routes.staff('GET', '/settings/holidays', keepers, async (scene) =>
    holidaysPage(scene, [...scene.network.holidays].sort().join('\n'), null),
  )

  routes.staff('POST', '/settings/holidays', keepers, async (scene, { body }) => {
    const typed = textOf(body, 'days')
    const days = readHolidays(typed)
    if (!days.ok) return holidaysPage(scene, typed, days.problem)
    await saveHolidays(scene.db, scene.network.id, days.value)
    await scene.record('networks.holidays_changed', { facts: { count: days.value.length } })
    const network = { ...scene.network, holidays: new Set(days.value) }
    await onHolidaysChanged?.({ ...scene, network })
    return redirect('/settings/holidays', scene.t('networks.holidays.saved', { count: days.value.length }))
  })
}

// messages: networks.holidays.problem_*

function holidaysPage(scene: Scene, typed: string, problem: HolidayProblem | null): Answer {
  const shown = [...scene.network.holidays].sort().filter((day) => day >= scene.today)
  const model = {
    title: scene.t('networks.holidays.title'),
    typed,
    coming: shown.map((day) => scene.day(day, 'weekday')),
    problems: scene.problems(
      problem ? [{ field: 'days', key: `networks.holidays.problem_${problem.code}`, values: { ...problem } }] : [],
    ),
  }
  return page('networks/pages/holidays.njk', model, { status: problem ? 400 : 200 })
}
