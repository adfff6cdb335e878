// Handing over the files of someone who leaves: an administrator gives all of them and sees none; a manager those at the sites
// that they manage.

import { z } from 'zod'
import {
  idOf,
  notFound,
  page,
  redirect,
  textOf,
  type FieldProblem,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import type { SiteId, StaffId } from '#platform/ids.ts'
import { findStaff } from '#staff/index.ts'
import { handOverJob } from './clients.jobs.ts'
import { caseloadPage } from './pages/caseload.page.ts'
import { chosenOf, surroundingsOf } from './surroundings.scene.ts'

export function caseloadRoutes(routes: Routes): void {
  const options = { params: z.object({ id: idOf<'staff'>() }), roles: ['administrator', 'manager'] } as const
  routes.staff('GET', '/settings/staff/:id/caseload', options, (scene, { params }) => show(scene, params.id))

  routes.staff('POST', '/settings/staff/:id/caseload', options, async (scene, { params, body }) => {
    const successors = await successorsOf(scene, params.id)
    const to = chosenOf<'staff'>(
      textOf(body, 'to'),
      successors.map(({ id }) => id),
    )
    if (!to) return show(scene, params.id, [{ field: 'to', key: 'clients.caseload.to_missing' }])
    const sites = sitesGiven(scene)
    await scene.enqueue(
      handOverJob,
      { from: params.id, to, by: scene.actor.id, sites: sites === null ? null : sites.join(' ') },
      { key: params.id },
    )
    await scene.record('client.caseload_handed_over', {
      subjectId: params.id,
      facts: { to, ...(sites === null ? {} : { sites }) },
    })
    return redirect(backOf(scene, params.id), scene.t('clients.caseload.done'))
  })
}

async function show(scene: Scene, id: StaffId, problems: readonly FieldProblem[] = []) {
  const member = (await findStaff(scene.db, id)) ?? notFound()
  const successors = await successorsOf(scene, id)
  const status = problems.length > 0 ? 400 : 200
  return page(
    'clients/pages/caseload.njk',
    caseloadPage(scene, {
      member,
      successors,
      problems,
      isPart: sitesGiven(scene) !== null,
      backHref: backOf(scene, id),
    }),
    { status },
  )
}

/** The sites whose files this person may give away; null: all. */
function sitesGiven({ actor }: Scene): readonly SiteId[] | null {
  return actor.roles.includes('administrator') ? null : actor.managedSiteIds
}

function backOf(scene: Scene, id: StaffId): string {
  return sitesGiven(scene) === null ? `/settings/staff/${id}` : '/referrals/stuck'
}

async function successorsOf(scene: Scene, id: StaffId) {
  const { advisers } = await surroundingsOf(scene)
  return advisers.filter((adviser) => adviser.id !== id && adviser.roles.includes('adviser'))
}
