// An adviser's own choices beside the suggestions; and, for managers, how often suggestions are taken, by nobody's name.

import { z } from 'zod'
import { findClients, fullName, mustGiveReason } from '#clients/index.ts'
import { sitesOf } from '#networks/index.ts'
import { addMonths, dayIn, momentIn } from '#platform/dates.ts'
import { page, redirect, type Routes, type Scene } from '#platform/http/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { choicesJob, firstOf } from './choices.jobs.ts'
import {
  becomeChoicesReader,
  choiceFigures,
  choicesOfAdviser,
  lastChoiceCount,
  type OwnChoice,
} from './choices.store.ts'
import { figuresPage } from './pages/figures.page.ts'
import { ownPage } from './pages/own.page.ts'

const readers = { roles: ['manager', 'evaluator', 'administrator'] } as const
const ofMonth = z.object({ month: z.string().max(7).catch('') })
/** This month and the eleven before it. */
const ownMonths = 12

export function choicesRoutes(routes: Routes): void {
  routes.staff('GET', '/choices', { roles: ['adviser'], query: ofMonth }, async (scene, { query }) => {
    const { db, actor, network, today } = scene
    const since = momentIn(network.timeZone, addMonths(firstOf(today), 1 - ownMonths), '00:00')
    const choices = await choicesOfAdviser(db, actor.id, since)
    const dated = choices.map((choice) => ({ ...choice, month: dayIn(network.timeZone, choice.chosenAt).slice(0, 7) }))
    const month = dated.some((choice) => choice.month === query.month) ? query.month : (dated[0]?.month ?? null)
    const shown = dated.filter((choice) => choice.month === month)
    return page(
      'matching/choices/pages/own.njk',
      ownPage(scene, { choices: dated, month, names: await namesOf(scene, shown) }),
    )
  })

  routes.staff('GET', '/insights/choices', readers, async (scene) => {
    const sites = new Map<string, string>((await sitesOf(scene.db)).map(({ id, name }) => [id, name]))
    await becomeChoicesReader(scene)
    const count = await lastChoiceCount(scene.db)
    const figures = await choiceFigures(scene.db)
    return page('matching/choices/pages/figures.njk', figuresPage(scene, { count, figures, sites }))
  })

  routes.staff('POST', '/insights/choices/count', readers, async (scene) => {
    await scene.enqueue(choicesJob, {}, { key: choicesJob })
    await scene.record('matching.choice_figures_asked')
    return redirect('/insights/choices', scene.t('matching.choices.counting'))
  })
}

/** Names of those whose files are open to this person now. */
async function namesOf(scene: Scene, choices: readonly OwnChoice[]): Promise<ReadonlyMap<ClientId, string>> {
  const names = new Map<ClientId, string>()
  for (const [id, client] of await findClients(
    scene.db,
    choices.map(({ clientId }) => clientId),
  ))
    if (!(await mustGiveReason(scene, client))) names.set(id, fullName(client))
  return names
}
