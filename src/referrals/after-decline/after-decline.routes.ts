// The next try to reach a client whom the partner could not reach: its day and its way, noted in the client's file.

import { z } from 'zod'
import { addNote, findClient, inFile } from '#clients/index.ts'
import { addWorkingDays } from '#platform/dates.ts'
import {
  idOf,
  notFound,
  page,
  readDay,
  redirect,
  textOf,
  type FieldProblem,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { waysToReach } from './attempt.ts'
import { attemptPage } from './pages/attempt.page.ts'
import { findReferral, type KeptReferral } from '../referrals.store.ts'
import { findShare } from '../sharing/referral-shares.store.ts'
import type { SharedEntry } from '../sharing/share.ts'

const one = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'referral'>() }) } as const

export function afterDeclineRoutes(routes: Routes): void {
  routes.staff('POST', '/referrals/:id/attempt', one, async (scene, { params, body }) => {
    const kept = (await findReferral(scene.db, params.id)) ?? notFound()
    const person = (await findClient(scene.db, kept.file.clientId)) ?? notFound()
    return inFile(scene, person.id, async (client) => {
      const typed = readDay(body, 'attempt')
      const way = waysToReach.find((known) => known === textOf(body, 'way'))
      const day = typed.ok ? (typed.value ?? addWorkingDays(scene.today, 2, scene.network.holidays)) : null
      const problems: FieldProblem[] = typed.ok ? [] : [...typed.problem]
      if (day !== null && day < scene.today) problems.push({ field: 'attempt', key: 'referrals.form.day_in_past' })
      if (way === undefined) problems.push({ field: 'way', key: 'referrals.after-decline.way_missing' })
      if (problems.length > 0 || day === null || way === undefined) {
        const model = attemptPage(scene, { kept, client, shared: await sharedOf(scene, kept), body, problems })
        return page('referrals/after-decline/pages/attempt.njk', model, { status: 400 })
      }
      const words = scene.t('referrals.after-decline.note', {
        day: scene.day(day, 'weekday'),
        way: scene.t(`referrals.after-decline.way.${way}`),
        reference: kept.file.reference,
        partner: kept.file.organizationName,
      })
      await addNote(scene, client, { about: scene.today, words })
      return redirect(`/referrals/${kept.file.id}`, scene.t('referrals.after-decline.noted'))
    })
  })

  routes.staff('GET', '/referrals/:id/attempt', one, async (scene, { params }) => {
    const kept = (await findReferral(scene.db, params.id)) ?? notFound()
    const person = (await findClient(scene.db, kept.file.clientId)) ?? notFound()
    return inFile(scene, person.id, async (client) =>
      page(
        'referrals/after-decline/pages/attempt.njk',
        attemptPage(scene, { kept, client, shared: await sharedOf(scene, kept), body: {}, problems: [] }),
      ),
    )
  })
}

async function sharedOf({ db }: Scene, { file }: KeptReferral): Promise<readonly SharedEntry[]> {
  return (await findShare(db, file.id))?.entries ?? []
}
