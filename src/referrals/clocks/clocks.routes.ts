// The clocks of the network: how long each step may take, and who hears of it when it takes longer. For managers.

import { z } from 'zod'
import { organizationNames, searchOrganizations } from '#directory/index.ts'
import {
  idOf,
  notFound,
  page,
  redirect,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import type { OrganizationId } from '#platform/ids.ts'
import { clockedSteps, type ClockedStep } from '../clock.ts'
import { clockRules, removeClockRule, saveClockRule } from '../referral-clocks.store.ts'
import { laddersForAll } from '../clock-rule.ts'
import { readClock } from './clocks.form.ts'
import { reclockJob } from './clocks.jobs.ts'
import { clockPage, clocksPage } from './pages/clocks.page.ts'

const keepers = { roles: ['manager', 'administrator'] } as const
const ofStep = { ...keepers, params: z.object({ step: z.enum(clockedSteps) }) }
const ofRule = { ...keepers, params: z.object({ id: idOf<'referral_clock'>() }) }
/** So many names are offered when what was typed fits several. */
const mostOffered = 8

export function clocksRoutes(routes: Routes): void {
  routes.staff('GET', '/settings/clocks', keepers, async (scene) => {
    const rules = await clockRules(scene.db)
    const names = await organizationNames(
      scene.db,
      rules.flatMap(({ organizationId }) => organizationId ?? []),
    )
    return page('referrals/clocks/pages/clocks.njk', clocksPage(scene, rules, names))
  })

  routes.staff('GET', '/settings/clocks/:step', ofStep, async (scene, { params }) => asked(scene, params.step, {}, []))

  routes.staff('POST', '/settings/clocks/:step', ofStep, async (scene, { params: { step }, body }) => {
    const form = readClock(step, body)
    if (!form.ok) return asked(scene, step, body, form.problem)
    const partner = await partnerMeant(scene, form.value.partner)
    if ('problem' in partner) return asked(scene, step, body, [partner.problem])
    const rule = { step, serviceType: form.value.serviceType, organizationId: partner.id, ladder: form.value.ladder }
    const hand = { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now }
    await saveClockRule(scene.db, rule, hand)
    await scene.record('referrals.clock_set', { facts: { step, serviceType: rule.serviceType } })
    await scene.enqueue(reclockJob, {}, { key: reclockJob })
    return redirect('/settings/clocks', scene.t('referrals.clocks.saved'))
  })

  routes.staff('POST', '/settings/clocks/rules/:id/remove', ofRule, async (scene, { params }) => {
    if (!(await removeClockRule(scene.db, params.id))) notFound()
    await scene.record('referrals.clock_removed', { subjectId: params.id })
    await scene.enqueue(reclockJob, {}, { key: reclockJob })
    return redirect('/settings/clocks', scene.t('referrals.clocks.removed'))
  })
}

async function asked(
  scene: Scene,
  step: ClockedStep,
  body: FormBody,
  problems: readonly FieldProblem[],
): Promise<Answer> {
  const now = laddersForAll(await clockRules(scene.db))[step]
  return page('referrals/clocks/pages/clock.njk', clockPage(scene, { step, now, body, problems }), {
    status: problems.length > 0 ? 400 : 200,
  })
}

/** The partner of this name, for all when none was typed; what fits several is asked again with their names. */
async function partnerMeant(
  scene: Scene,
  typed: string,
): Promise<{ readonly id: OrganizationId | null } | { readonly problem: FieldProblem }> {
  if (typed === '') return { id: null }
  const found = await searchOrganizations(scene.db, typed, mostOffered)
  const same = found.filter(({ name }) => name.toLowerCase() === typed.toLowerCase())
  const [only] = same.length === 1 ? same : found.length === 1 ? found : []
  if (only) return { id: only.id }
  return {
    problem:
      found.length === 0
        ? { field: 'partner', key: 'referrals.clocks.partner_unknown' }
        : {
            field: 'partner',
            key: 'referrals.clocks.partner_which',
            values: { names: found.map(({ name }) => name).join('; ') },
          },
  }
}
