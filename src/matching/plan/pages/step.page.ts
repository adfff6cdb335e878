// One step as a form: a kind of service or a certain one, what it is for, where it leads, who does what.

import { fullName } from '#clients/index.ts'
import { definitionOf, factCodes, factNature, serviceTypeKey, serviceTypes } from '#directory/index.ts'
import { textOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import { stepsUp, type Raise } from '../../changes/raise.ts'
import { stepInWords } from '../../changes/panels/changes.panel.ts'
import { raiseInForm } from '../plan.reader.ts'
import type { PlanNow } from '../plan-now.scene.ts'
import type { Step, TooEarly } from '../plan.ts'
import { earlyTitles } from './plan.page.ts'

export interface StepForm {
  /** Null: a new one. */
  readonly step?: Step | null
  /** What was typed; left out: what is kept. */
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
  readonly early?: TooEarly
}

export function stepPage(scene: Scene, now: PlanNow, { step = null, body, problems = [], early }: StepForm): PageModel {
  const { client } = now
  const base = `/clients/${client.id}/plan`
  const kept: FormBody = step ? keptBody(now, step) : {}
  const typed = (name: string) => textOf(body ?? kept, name)
  return {
    title: scene.t(step ? 'matching.plan.form.change' : 'matching.plan.form.add'),
    clientName: fullName(client),
    back: base,
    action: step ? `${base}/steps/${step.id}` : `${base}/steps`,
    latest: body?.['latest'] === undefined ? (now.versions[0]?.id ?? '') : typed('latest'),
    types: [
      { value: '', text: scene.t('matching.plan.form.no_type') },
      ...serviceTypes.map((type) => ({
        value: type,
        text: scene.t(serviceTypeKey(type)),
        selected: typed('type') === type,
      })),
    ],
    raises: [
      { value: '', text: scene.t('matching.plan.form.no_raise') },
      ...raisesFor(now, step).map((raise) => ({
        value: raiseInForm(raise),
        text: stepInWords({ ...raise, from: null }, scene),
        selected: typed('raises') === raiseInForm(raise),
      })),
    ],
    ...{ service: typed('service'), aim: typed('aim'), client: typed('client'), adviser: typed('adviser') },
    early: early ? earlyTitles(scene, now, early) : null,
    problems: scene.problems(problems),
  }
}

/** Facts that a rule can ask for: the others open nothing. */
const asked: readonly string[] = [
  'language_level',
  'schooling',
  'work_permission',
  'credential_recognised',
  'driving_licence',
  'has_internet',
]
const papers = ['cv', 'work_permit', 'school_certificate', 'criminal_record_check'] as const

/** Steps upwards from what is known; of what is not known, all there are. What the step has now is among them. */
function raisesFor({ facts }: PlanNow, step: Step | null): readonly Raise[] {
  const lore = { definitionOf, natureOf: factNature }
  const found = factCodes
    .filter((code) => asked.includes(code))
    .flatMap((code) => {
      if (facts[code] !== undefined) return stepsUp(code, facts, [], lore)
      const { kind, values = [] } = definitionOf(code)
      const lowest = kind === 'yes_no' ? false : code === 'work_permission' ? 'no' : values[0]!
      return stepsUp(code, { [code]: lowest }, [], lore)
    })
  const has = Array.isArray(facts.documents) ? facts.documents : []
  const missing = papers
    .filter((paper) => !has.includes(paper))
    .map((paper) => ({ fact: 'documents' as const, to: [paper] }))
  const own = step?.raises ? [step.raises] : []
  return [...new Map([...found, ...missing, ...own].map((raise) => [raiseInForm(raise), raise])).values()]
}

/** `English in the evening, Alder Trust`: several organisations give what is called alike. */
export function fullNameOf({ name, organizationName }: { readonly name: string; readonly organizationName: string }) {
  return `${name}, ${organizationName}`
}

function keptBody({ services, names }: PlanNow, { type, serviceId, aim, raises, client, adviser }: Step): FormBody {
  const service = services.find(({ id }) => id === serviceId)
  return {
    ...{ type: type ?? '', aim, client, adviser },
    service: service ? fullNameOf(service) : (names.get(serviceId ?? '') ?? ''),
    raises: raises ? raiseInForm(raises) : '',
  }
}
