// The plan in order: what each step is for, what it needs first, who does what, how it stands.

import { fullName } from '#clients/index.ts'
import { factInWords, speechOf } from '#directory/index.ts'
import type { PageModel, Scene } from '#platform/http/index.ts'
import { stepInWords } from '../../changes/panels/changes.panel.ts'
import { typeInWords } from '../../pages/words.page.ts'
import type { PlanNow } from '../plan-now.scene.ts'
import { placed, type Need, type PlacedStep, type Plan, type Step, type TooEarly } from '../plan.ts'

/** So many versions at once: what is older is in the database. */
const shownVersions = 20

export interface Refused {
  readonly early?: TooEarly
  readonly action?: string
  readonly isStale?: boolean
}

// messages: matching.plan.act.*
// messages: matching.plan.do.*
// messages: matching.plan.standing.*

export function planPage(scene: Scene, now: PlanNow, { early, action, isStale }: Refused): PageModel {
  const { client, versions, plan } = now
  const base = `/clients/${client.id}/plan`
  const [latest, before] = versions
  return {
    title: scene.t('matching.plan.title'),
    clientName: fullName(client),
    clientHref: `/clients/${client.id}`,
    base,
    latest: latest?.id ?? '',
    canChange: client.status === 'open',
    made: latest && { moment: scene.moment(latest.madeAt), name: nameOf(now, latest.madeBy) },
    steps: placed(plan, now.judging).map((step, at) => stepRow(scene, now, { step, at })),
    undo: latest ? { version: before?.id ?? '' } : null,
    rankHref: `/clients/${client.id}/recommendations`,
    isStale: isStale === true,
    early: early ? earlyTitles(scene, now, early) : null,
    anywayAction: early && action ? `${base}/${action}` : null,
    history: versions.slice(0, shownVersions).map((version, at) => ({
      moment: scene.moment(version.madeAt),
      name: nameOf(now, version.madeBy),
      text: scene.t(`matching.plan.act.${version.act}`),
      step: stepNamed(scene, now, [version.plan, versions[at + 1]?.plan ?? []], version.stepId),
      version: version.id,
      isLatest: at === 0,
    })),
  }
}

/** The two titles of the sentence that says so. */
export function earlyTitles(scene: Scene, now: PlanNow, { step, first }: TooEarly) {
  return { step: titleOf(scene, now, step), first: titleOf(scene, now, first) }
}

/** A service by its name, a kind by its word, anything else by what it is for. */
export function titleOf(scene: Scene, { names }: Pick<PlanNow, 'names'>, { serviceId, type, aim }: Step): string {
  if (serviceId !== null) return names.get(serviceId) ?? scene.t('matching.plan.gone')
  return type === null ? aim : typeInWords(type, scene)
}

function stepRow(scene: Scene, now: PlanNow, { step: one, at }: { step: PlacedStep; at: number }) {
  const { step, standing, needs, isTooEarly } = one
  const { client, plan } = now
  const service = now.services.find(({ id }) => id === step.serviceId)
  return {
    id: step.id,
    number: at + 1,
    title: titleOf(scene, now, step),
    isNamed: step.serviceId !== null || step.type === null,
    href: service ? `/services/${service.id}` : null,
    beneath: service ? { organization: service.organizationName, type: typeInWords(service.serviceType, scene) } : null,
    aim: step.aim,
    leadsTo: step.raises
      ? scene.t('matching.plan.leads_to', { step: stepInWords({ ...step.raises, from: null }, scene) })
      : null,
    needs: needs.map((need) => needInWords(scene, now, need)),
    early: isTooEarly ? scene.t(step.isAnyway ? 'matching.plan.early_anyway' : 'matching.plan.early_since') : null,
    standing: step.isDone ? null : standingInWords(scene, standing),
    client: step.client,
    adviser: step.adviser,
    state: stateOf(scene, now, step),
    find: step.isDone ? null : findHref(client.id, step),
    acts: actsOn(step, { isFirst: at === 0, isLast: at === plan.length - 1 }).map((kind) => ({
      kind,
      text: scene.t(`matching.plan.do.${kind}`),
    })),
  }
}

function actsOn({ isDone }: Step, { isFirst, isLast }: { isFirst: boolean; isLast: boolean }): readonly string[] {
  return [...(isFirst ? [] : ['up']), ...(isLast ? [] : ['down']), isDone ? 'not_done' : 'done', 'remove']
}

/** `Needs English: B1 first. Step 1 leads there.` */
function needInWords(scene: Scene, { plan }: PlanNow, { raise, before, after }: Need): string {
  const numbers = (ids: readonly string[]) =>
    speechOf(scene).and(ids.map((id) => String(plan.findIndex((step) => step.id === id) + 1)))
  const words = { step: stepInWords({ ...raise, from: null }, scene) }
  if (before.length > 0)
    return scene.t('matching.plan.need_before', { ...words, numbers: numbers(before), count: before.length })
  if (after.length > 0)
    return scene.t('matching.plan.need_after', { ...words, numbers: numbers(after), count: after.length })
  return scene.t('matching.plan.need_nobody', words)
}

function standingInWords(scene: Scene, standing: PlacedStep['standing']): string | null {
  if (standing.kind === 'open' || standing.kind === 'needs') return null
  if (standing.kind !== 'not_known') return scene.t(`matching.plan.standing.${standing.kind}`)
  const speech = speechOf(scene)
  return scene.t('matching.plan.standing.not_known', {
    facts: speech.and(standing.facts.map((fact) => factInWords(fact, speech))),
  })
}

const ended: readonly string[] = ['declined', 'completed', 'ended_early', 'withdrawn', 'expired']

// messages: referrals.state.*

/** From the latest referral to the service; of a kind alone, from one that is under way. */
function stateOf(scene: Scene, { referrals }: PlanNow, step: Step) {
  const found = referrals.find(({ file, referral }) =>
    step.serviceId === null
      ? step.type !== null && file.serviceType === step.type && !ended.includes(referral.state)
      : file.serviceId === step.serviceId,
  )
  const isGood = step.isDone || found?.referral.state === 'completed'
  const text = step.isDone
    ? scene.t('matching.plan.done')
    : scene.t(found ? `referrals.state.${found.referral.state}` : 'matching.plan.planned')
  return {
    text,
    tone: isGood ? 'good' : found && !ended.includes(found.referral.state) ? 'wait' : 'none',
    referral: found ? { href: `/referrals/${found.file.id}`, reference: found.file.reference } : null,
  }
}

function findHref(clientId: string, { serviceId, type }: Step): string | null {
  if (serviceId !== null) return `/clients/${clientId}/referrals/new?service=${serviceId}`
  return type === null ? null : `/clients/${clientId}/recommendations`
}

function stepNamed(scene: Scene, now: PlanNow, plans: readonly Plan[], stepId: string | null): string | null {
  const step = plans.flat().find(({ id }) => id === stepId)
  return step ? titleOf(scene, now, step) : null
}

function nameOf({ staffNames }: PlanNow, id: string): string {
  return staffNames.get(id) ?? ''
}
