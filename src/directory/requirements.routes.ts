// Editing what a service asks of people: one rule a page, alternatives beside a rule.

import { z } from 'zod'
import { idOf, notFound, optionalText, page, readForm, redirect, textOf, ticked } from '#platform/http/index.ts'
import type { Answer, FieldProblem, FormBody, Routes, Scene } from '#platform/http/index.ts'
import type { Id, ServiceId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { alternativePage, requirementPage, requirementsPage } from './pages/requirements.page.ts'
import { isFormKind, readRuleForm, typedRule, type FormKind } from './pages/requirement.page.ts'
import type { Rule } from './requirement.ts'
import {
  addRequirement,
  changeRequirement,
  removeRequirement,
  requirementsOf,
  type Requirement,
} from './requirements.store.ts'
import { findService, type Service } from './services.store.ts'

const roles = ['adviser', 'manager'] as const
const ofService = { roles, params: z.object({ id: idOf<'service'>() }) } as const
const ofRule = { roles, params: z.object({ id: idOf<'service'>(), rule: idOf<'requirement'>() }) } as const
const kindQuery = z.object({ kind: z.string().catch('') })
const noteForm = z.object({ note: optionalText(200), negotiable: ticked() })

export function requirementsRoutes(routes: Routes): void {
  const base = '/services/:id/requirements'

  routes.staff('GET', base, ofService, async (scene, { params }) => {
    const service = await serviceOf(scene, params.id)
    const requirements = await requirementsOf(scene.db, service.id)
    return page('directory/pages/requirements.njk', requirementsPage(scene, service, requirements))
  })

  routes.staff('GET', `${base}/new`, { ...ofService, query: kindQuery }, async (scene, { params, query }) => {
    const service = await serviceOf(scene, params.id)
    return showForm(scene, service, { kind: kindOf(query.kind), at: 'new' })
  })

  routes.staff('POST', `${base}/new`, ofService, async (scene, { params, body }) => {
    const service = await serviceOf(scene, params.id)
    const kind = kindOf(textOf(body, 'kind'))
    const said = readSaying(kind, body)
    if (!said.ok) return showForm(scene, service, { kind, at: 'new', body, list: said.problem })
    const id = await addRequirement(scene.db, scene.network.id, service.id, {
      ...said.value,
      by: scene.actor.id,
      now: scene.now,
    })
    return recorded(scene, service.id, { action: 'directory.requirement_added', id, kind })
  })

  routes.staff('GET', `${base}/:rule`, ofRule, async (scene, { params }) => {
    const { service, requirement } = await ruleOf(scene, params)
    const body = {
      ...typedRule(requirement.rule),
      note: requirement.note ?? '',
      negotiable: requirement.isNegotiable ? 'yes' : '',
    }
    return showForm(scene, service, { kind: kindOf(requirement.rule.kind), at: requirement.id, body })
  })

  routes.staff('POST', `${base}/:rule`, ofRule, async (scene, { params, body }) => {
    const { service, requirement } = await ruleOf(scene, params)
    const kind = kindOf(requirement.rule.kind)
    const said = readSaying(kind, body)
    if (!said.ok) return showForm(scene, service, { kind, at: requirement.id, body, list: said.problem })
    await changeRequirement(scene.db, requirement.id, { ...said.value, by: scene.actor.id, now: scene.now })
    return recorded(scene, service.id, { action: 'directory.requirement_changed', id: requirement.id, kind })
  })

  routes.staff(
    'GET',
    `${base}/:rule/alternative`,
    { ...ofRule, query: kindQuery },
    async (scene, { params, query }) => {
      const { service, requirement } = await ruleOf(scene, params)
      if (query.kind === '')
        return page('directory/pages/alternative.njk', alternativePage(scene, service, requirement))
      return showForm(scene, service, {
        kind: kindOf(query.kind),
        at: `${requirement.id}/alternative`,
        insteadOf: requirement,
      })
    },
  )

  routes.staff('POST', `${base}/:rule/alternative`, ofRule, async (scene, { params, body }) => {
    const { service, requirement } = await ruleOf(scene, params)
    const kind = kindOf(textOf(body, 'kind'))
    const read = readRuleForm(kind, body)
    const at = `${requirement.id}/alternative`
    if (!read.ok) return showForm(scene, service, { kind, at, body, list: read.problem, insteadOf: requirement })
    const rule = withAlternative(requirement.rule, read.value)
    await changeRequirement(scene.db, requirement.id, {
      rule,
      note: requirement.note,
      isNegotiable: requirement.isNegotiable,
      by: scene.actor.id,
      now: scene.now,
    })
    return recorded(scene, service.id, { action: 'directory.requirement_changed', id: requirement.id, kind: rule.kind })
  })

  routes.staff('POST', `${base}/:rule/remove`, ofRule, async (scene, { params }) => {
    const { service, requirement } = await ruleOf(scene, params)
    await removeRequirement(scene.db, requirement.id, { by: scene.actor.id, now: scene.now })
    return recorded(scene, service.id, {
      action: 'directory.requirement_removed',
      id: requirement.id,
      kind: requirement.rule.kind,
    })
  })
}

interface Shown {
  readonly kind: FormKind
  /** The rest of the form's address. */
  readonly at: string
  readonly body?: FormBody
  readonly list?: readonly FieldProblem[]
  readonly insteadOf?: Requirement
}

function showForm(scene: Scene, service: Service, { kind, at, body = {}, list = [], insteadOf }: Shown): Answer {
  const action = `/services/${service.id}/requirements/${at}`
  const model = requirementPage(scene, service, { kind, action, body, list, insteadOf: insteadOf ?? null })
  return page('directory/pages/requirement.njk', model, { status: list.length > 0 ? 400 : 200 })
}

function readSaying(
  kind: FormKind,
  body: FormBody,
): Result<{ rule: Rule; note: string | null; isNegotiable: boolean }, FieldProblem[]> {
  const rule = readRuleForm(kind, body)
  const note = readForm(noteForm, body)
  if (rule.ok && note.ok) return ok({ rule: rule.value, note: note.value.note, isNegotiable: note.value.negotiable })
  return refused([...(rule.ok ? [] : rule.problem), ...(note.ok ? [] : note.problem)])
}

function withAlternative(rule: Rule, alternative: Rule): Rule {
  return { kind: 'any_of', rules: [...(rule.kind === 'any_of' ? rule.rules : [rule]), alternative] }
}

async function recorded(
  scene: Scene,
  serviceId: ServiceId,
  { action, id, kind }: { action: string; id: string; kind: string },
): Promise<Answer> {
  await scene.record(action, { subjectId: serviceId, facts: { requirement: id, kind } })
  return redirect(`/services/${serviceId}/requirements`, scene.t('directory.requirements.saved'))
}

function kindOf(kind: string): FormKind {
  return isFormKind(kind) ? kind : notFound()
}

async function serviceOf(scene: Scene, id: ServiceId): Promise<Service> {
  return (await findService(scene.db, id)) ?? notFound()
}

async function ruleOf(
  scene: Scene,
  params: { readonly id: ServiceId; readonly rule: Id<'requirement'> },
): Promise<{ service: Service; requirement: Requirement }> {
  const service = await serviceOf(scene, params.id)
  const requirements = await requirementsOf(scene.db, service.id)
  return { service, requirement: requirements.find((one) => one.id === params.rule) ?? notFound() }
}
