// A client's plan: steps are added, ordered, changed and taken out by an adviser; each act is kept, and any can be gone back on.

import { z } from 'zod'
import { inFile, type Client } from '#clients/index.ts'
import { isServiceType } from '#directory/index.ts'
import {
  idOf,
  notFound,
  optionalText,
  page,
  readForm,
  redirect,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { newId } from '#platform/ids.ts'
import type { Result } from '#platform/result.ts'
import { marksOf } from '../together/kept-recommendation.scene.ts'
import { planPage } from './pages/plan.page.ts'
import { fullNameOf, stepPage, type StepForm } from './pages/step.page.ts'
import { planNow, type PlanNow } from './plan-now.scene.ts'
import { readRaise } from './plan.reader.ts'
import { insertPlanVersion, type PlanAct } from './plan-versions.store.ts'
import { addStep, changeStep, moveStep, removeStep, type Plan, type Step, type TooEarly } from './plan.ts'

const one = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'client'>() }) } as const
const ofStep = { ...one, params: z.object({ id: idOf<'client'>(), step: idOf<'plan_step'>() }) } as const
const acts = ['up', 'down', 'remove', 'done', 'not_done'] as const
const ofAct = {
  ...one,
  params: z.object({ id: idOf<'client'>(), step: idOf<'plan_step'>(), act: z.enum(acts) }),
} as const
const started = z.object({ type: z.string().catch('').default(''), service: z.string().catch('').default('') })
const stepForm = z.object({ aim: optionalText(300), client: optionalText(500), adviser: optionalText(500) })

const at = '/clients/:id/plan'

export function planRoutes(routes: Routes): void {
  routes.staff('GET', at, one, (scene, { params }) => within(scene, params, (now) => shown(scene, now)))

  routes.staff('GET', `${at}/steps/new`, { ...one, query: started }, (scene, { params, query }) =>
    within(scene, params, (now) =>
      formPage(scene, now, {
        body: { type: query.type, service: nameOf(now, query), latest: now.versions[0]?.id ?? '' },
      }),
    ),
  )
  routes.staff('POST', `${at}/steps`, one, (scene, { params, body }) =>
    within(scene, params, (now) => saveStep(scene, now, { body, step: null })),
  )
  routes.staff('GET', `${at}/steps/:step`, ofStep, (scene, { params }) =>
    within(scene, params, (now) => formPage(scene, now, { step: stepOf(now, params.step) })),
  )
  routes.staff('POST', `${at}/steps/:step`, ofStep, (scene, { params, body }) =>
    within(scene, params, (now) => saveStep(scene, now, { body, step: stepOf(now, params.step) })),
  )
  routes.staff('POST', `${at}/steps/:step/:act`, ofAct, (scene, { params, body }) =>
    within(scene, params, (now) => act(scene, now, { body, step: stepOf(now, params.step), act: params.act })),
  )
  routes.staff('POST', `${at}/back`, one, (scene, { params, body }) =>
    within(scene, params, (now) => {
      const wanted = now.versions.find(({ id }) => id === textOf(body, 'version'))
      // From the first version it goes back to no plan at all.
      const plan = wanted?.plan ?? (now.versions.length === 1 ? [] : notFound())
      return keep(scene, now, { body, plan, act: 'undone', stepId: null })
    }),
  )
  routes.staff('POST', `${at}/suggested`, one, (scene, { params, body }) =>
    within(scene, params, (now) => acceptSequence(scene, now, body)),
  )
}

function within(scene: Scene, { id }: { readonly id: Client['id'] }, work: (now: PlanNow) => Promise<Answer>) {
  return inFile(scene, id, async (client) => work(await planNow(scene, client)))
}

function stepOf({ plan }: PlanNow, id: string): Step {
  return plan.find((step) => step.id === id) ?? notFound()
}

function nameOf({ services }: PlanNow, { service }: { readonly service: string }): string {
  const found = services.find(({ id }) => id === service)
  return found ? fullNameOf(found) : ''
}

interface Doing {
  readonly body: FormBody
  readonly step: Step
  readonly act: (typeof acts)[number]
}

async function act(scene: Scene, now: PlanNow, { body, step, act: kind }: Doing): Promise<Answer> {
  const asked = askedOf(now, body)
  const done = doneTo(now.plan, step, { kind, asked })
  if (!done.ok) return shown(scene, now, { early: done.problem, action: `steps/${step.id}/${kind}` })
  if (done.value === now.plan) return redirect(hrefOf(now))
  const kept = ({ up: 'moved', down: 'moved', remove: 'removed', done: 'done', not_done: 'not_done' } as const)[kind]
  return keep(scene, now, { body, plan: done.value, act: kept, stepId: step.id })
}

function doneTo(
  plan: Plan,
  step: Step,
  { kind, asked }: { readonly kind: Doing['act']; readonly asked: ReturnType<typeof askedOf> },
): Result<Plan, TooEarly> {
  if (kind === 'up' || kind === 'down') return moveStep(plan, step.id, kind, asked)
  if (kind === 'remove') return removeStep(plan, step.id, asked)
  return changeStep(plan, { ...step, isDone: kind === 'done' }, asked)
}

async function saveStep(
  scene: Scene,
  now: PlanNow,
  { body, step: before }: { readonly body: FormBody; readonly step: Step | null },
): Promise<Answer> {
  const form = readForm(stepForm, body)
  const read = readStep(now, body)
  const problems = [...(form.ok ? [] : form.problem), ...read.problems]
  if (!form.ok || problems.length > 0) return formPage(scene, now, { body, step: before, problems })
  const { aim, client, adviser } = form.value
  const step: Step = {
    ...(before ?? { id: newId<'plan_step'>(scene.now.getTime()), isDone: false, isAnyway: false }),
    ...{ type: read.type, serviceId: read.serviceId, raises: read.raises },
    ...{ aim: aim ?? '', client: client ?? '', adviser: adviser ?? '' },
  }
  const asked = askedOf(now, body)
  const done = before ? changeStep(now.plan, step, asked) : addStep(now.plan, step, asked)
  if (!done.ok) return formPage(scene, now, { body, step: before, early: done.problem })
  return keep(scene, now, { body, plan: done.value, act: before ? 'changed' : 'added', stepId: step.id })
}

/** A certain service says its kind; a step that is neither says what it is for. */
function readStep({ services }: PlanNow, body: FormBody) {
  const wanted = textOf(body, 'service')
  const found = wanted === '' ? [] : servicesNamed(services, wanted)
  const service = found.length === 1 ? found[0]! : null
  const typed = textOf(body, 'type')
  const type = service ? service.serviceType : isServiceType(typed) ? typed : null
  const problems: FieldProblem[] = []
  if (wanted !== '' && found.length === 0) problems.push({ field: 'service', key: 'matching.plan.form.no_service' })
  if (found.length > 1) {
    const which = found.slice(0, namedInProblem).map(fullNameOf).join('; ')
    problems.push({ field: 'service', key: 'matching.plan.form.several', values: { which } })
  }
  if (wanted === '' && type === null && textOf(body, 'aim') === '')
    problems.push({ field: 'type', key: 'matching.plan.form.nothing_said' })
  return { type, serviceId: service?.id ?? null, raises: readRaise(textOf(body, 'raises')), problems }
}

const namedInProblem = 4

/** Those that are called so, with their organisation or without; else those with this part of the name; else of both. */
function servicesNamed(services: PlanNow['services'], wanted: string): PlanNow['services'] {
  const text = wanted.toLocaleLowerCase()
  const ways: readonly ((full: string, name: string) => boolean)[] = [
    (full) => full === text,
    (_, name) => name === text,
    (_, name) => name.includes(text),
    (full) => full.includes(text),
  ]
  for (const fits of ways) {
    const found = services.filter((one) => fits(fullNameOf(one).toLocaleLowerCase(), one.name.toLocaleLowerCase()))
    if (found.length > 0) return found
  }
  return []
}

/** Both steps of what was suggested, if they are still to be had: the plan is not changed by half. */
async function acceptSequence(scene: Scene, now: PlanNow, body: FormBody): Promise<Answer> {
  const [first, then] = [textOf(body, 'first'), textOf(body, 'then')]
  const raises = readRaise(textOf(body, 'raises'))
  if (!isServiceType(first) || !isServiceType(then) || raises === null) notFound()
  const bare = { serviceId: null, aim: '', client: '', adviser: '', isDone: false, isAnyway: false }
  const asked = askedOf(now, body)
  const second = addStep(
    now.plan,
    { ...bare, id: newId<'plan_step'>(scene.now.getTime()), type: then, raises: null },
    asked,
  )
  const stepId = newId<'plan_step'>(scene.now.getTime())
  const both = second.ok ? addStep(second.value, { ...bare, id: stepId, type: first, raises }, asked) : second
  if (!both.ok) return shown(scene, now, { early: both.problem })
  return keep(scene, now, {
    body: { ...body, latest: now.versions[0]?.id ?? '' },
    plan: both.value,
    act: 'suggested',
    stepId,
  })
}

interface Keeping {
  readonly body: FormBody
  readonly plan: Plan
  readonly act: PlanAct
  readonly stepId: string | null
}

/** What was looked at when the button was pressed must still be the plan. */
async function keep(scene: Scene, now: PlanNow, { body, plan, act: kind, stepId }: Keeping): Promise<Answer> {
  const isLatest = textOf(body, 'latest') === (now.versions[0]?.id ?? '')
  const made = { plan, act: kind, stepId, madeBy: scene.actor.id, madeAt: scene.now, ids: now.ids }
  const isKept = isLatest && (await insertPlanVersion(scene.db, marksOf(scene, now.client), made))
  if (!isKept) return shown(scene, now, { isStale: true })
  await scene.record('matching.plan_changed', { clientId: now.client.id, facts: { act: kind } })
  return redirect(hrefOf(now), scene.t(`matching.plan.told.${kind}`))
}
// messages: matching.plan.told.*

function askedOf({ judging }: PlanNow, body: FormBody) {
  return { ...judging, isAnyway: textOf(body, 'anyway') === 'yes' }
}

function hrefOf({ client }: PlanNow): string {
  return `/clients/${client.id}/plan`
}

interface Refusal {
  readonly early?: TooEarly
  /** What to post again to do it all the same, under the plan's address. */
  readonly action?: string
  readonly isStale?: boolean
}

function shown(scene: Scene, now: PlanNow, refusal: Refusal = {}): Promise<Answer> {
  const status = refusal.early || refusal.isStale ? 400 : 200
  return Promise.resolve(page('matching/plan/pages/plan.njk', planPage(scene, now, refusal), { status }))
}

function formPage(scene: Scene, now: PlanNow, form: StepForm): Promise<Answer> {
  const status = form.early || (form.problems?.length ?? 0) > 0 ? 400 : 200
  return Promise.resolve(page('matching/plan/pages/step.njk', stepPage(scene, now, form), { status }))
}
