// What is known of a client, grouped by what can become of it.

import { z } from 'zod'
import { clientFacts, fullName, idsOfFile, inFile } from '#clients/index.ts'
import type { Db } from '#platform/db/index.ts'
import { idOf, page, type Routes } from '#platform/http/index.ts'
import { assessmentsOf } from './assessments.store.ts'
import { profilePage } from './pages/profile.page.ts'
import { profileOf } from './profile.store.ts'

const ofClient = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'client'>() }) } as const

export function profileRoutes(routes: Routes, staffNames: (db: Db) => Promise<ReadonlyMap<string, string>>): void {
  routes.staff('GET', '/clients/:id/profile', ofClient, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const known = { ...clientFacts(client, scene.today) }
      const profile = await profileOf(scene.db, client.id, { asOf: scene.now, on: scene.today, known })
      const assessments = await assessmentsOf(scene.db, await idsOfFile(scene.db, client.id))
      const names = await staffNames(scene.db)
      const staffName = (id: string | null) =>
        id === null ? scene.t('assessment.history.client') : (names.get(id) ?? '')
      const model = profilePage(scene, { id: client.id, name: fullName(client) }, { profile, assessments, staffName })
      return page('assessment/pages/profile.njk', model)
    }),
  )
}
