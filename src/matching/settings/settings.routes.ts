// What the network decides for matching: whether ties are broken by lottery.

import { z } from 'zod'
import {
  page,
  readForm,
  redirect,
  requiredText,
  textOf,
  type Answer,
  type FieldProblem,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { listStaff } from '#staff/index.ts'
import { decideLottery, lotteryDecisions } from './lottery.store.ts'
import { settingsPage } from './pages/settings.page.ts'

const address = '/settings/matching'
const readers = { roles: ['manager', 'evaluator', 'administrator'] } as const
const deciders = { roles: ['administrator'] } as const
/** Long enough for a reason, short enough to be read. */
const longestReason = 500

const decision = z.object({
  to: z.enum(['on', 'off']),
  reason: requiredText('matching.settings.reason_missing', longestReason),
})

export function matchingSettingsRoutes(routes: Routes): void {
  routes.staff('GET', address, readers, (scene) => shown(scene, '', []))

  routes.staff('POST', address, deciders, async (scene, { body }) => {
    const form = readForm(decision, body)
    if (!form.ok) return shown(scene, textOf(body, 'reason'), form.problem)
    const { to, reason } = form.value
    const isOn = to === 'on'
    const isNew = await decideLottery(scene.db, scene.network.id, { isOn, at: scene.now, by: scene.actor.id, reason })
    if (!isNew) return redirect(address, scene.t(isOn ? 'matching.settings.was_on' : 'matching.settings.was_off'))
    await scene.record(isOn ? 'matching.lottery_on' : 'matching.lottery_off')
    return redirect(address, scene.t(isOn ? 'matching.settings.done_on' : 'matching.settings.done_off'))
  })
}

async function shown(scene: Scene, typed: string, problems: readonly FieldProblem[]): Promise<Answer> {
  const model = settingsPage(scene, {
    decisions: await lotteryDecisions(scene.db),
    names: new Map((await listStaff(scene.db)).map(({ id, name }) => [id, name])),
    mayDecide: scene.actor.roles.includes('administrator'),
    typed,
    problems: scene.problems(problems),
  })
  return page('matching/settings/pages/settings.njk', model, { status: problems.length > 0 ? 400 : 200 })
}
