// The partner keeps the appointment in a calendar: from the link's page, or from the inbox.

import { z } from 'zod'
import { file, idOf, notFound, type Answer, type Routes } from '#platform/http/index.ts'
import { partnersLink, shown } from '../link/link.scene.ts'
import type { AnyScene } from '../pages/act.page.ts'
import { showsPerson } from '../pages/timeline.page.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { writeCalendar } from './appointment.calendar.ts'
import { calendarOfGuest } from './calendar.scene.ts'
import type { HandoverTools } from './handover.routes.ts'

export function partnerCalendarRoutes(routes: Routes, { keys, publicUrl }: HandoverTools): void {
  const byLink = { ...partnersLink(keys), params: z.object({ token: z.string() }) }
  routes.link('GET', '/r/:token/appointment.ics', byLink, (scene, { bearer: link, params, request }) =>
    shown({ scene, link, keys, request, token: params.token }, (kept) =>
      calendarFile(scene, kept, `${publicUrl}/r/${params.token}`),
    ),
  )

  const one = { params: z.object({ id: idOf<'referral'>() }) }
  routes.partner('GET', '/inbox/:id/appointment.ics', one, async (scene, { params }) => {
    const kept = (await findReferral(scene.db, params.id)) ?? notFound()
    return calendarFile(scene, kept, `${publicUrl}/inbox/${params.id}`)
  })
}

async function calendarFile(scene: AnyScene, kept: KeptReferral, address: string): Promise<Answer> {
  const appointment = showsPerson(kept.referral)
    ? await calendarOfGuest(scene, kept, { audience: 'partner', address })
    : null
  if (appointment === null) return notFound()
  return file('appointment.ics', 'text/calendar; charset=utf-8', writeCalendar(appointment, 'PUBLISH'))
}
