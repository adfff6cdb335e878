// The rules of a service in a list, with what can be done to each.

import type { FieldProblem, FormBody, Scene } from '#platform/http/index.ts'
import { textOf } from '#platform/http/index.ts'
import { ageRule } from '../matching.store.ts'
import { ruleInWords, speechOf } from '../requirement-words.ts'
import type { Requirement } from '../requirements.store.ts'
import type { Service } from '../services.store.ts'
import { formKinds, ruleFields, type FormKind } from './requirement.page.ts'

// messages: directory.rule_kind.*

export function requirementsPage(scene: Scene, service: Service, requirements: readonly Requirement[]) {
  const speech = speechOf(scene)
  const base = `/services/${service.id}/requirements`
  return {
    title: scene.t('directory.requirements.title'),
    service: { name: service.name, href: `/services/${service.id}`, eligibility: service.eligibility },
    stated: ageRule(service.minimumAge, service.maximumAge).map((rule) => ruleInWords(rule, speech)),
    rows: requirements.map(({ id, rule, note }) => ({
      text: ruleInWords(rule, speech),
      note,
      changeHref: rule.kind === 'any_of' ? null : `${base}/${id}`,
      alternativeHref: `${base}/${id}/alternative`,
      removeAction: `${base}/${id}/remove`,
    })),
    addAction: `${base}/new`,
    kinds: formKinds.map((kind) => ({ value: kind, text: scene.t(`directory.rule_kind.${kind}`) })),
  }
}

interface RuleForm {
  readonly kind: FormKind
  readonly action: string
  readonly body: FormBody
  readonly list: readonly FieldProblem[]
  /** The rule beside which this one is to stand as an alternative. */
  readonly insteadOf: Requirement | null
}

export function requirementPage(scene: Scene, service: Service, { kind, action, body, list, insteadOf }: RuleForm) {
  return {
    title: scene.t('directory.rule_form.title'),
    service: { name: service.name, eligibility: service.eligibility },
    backHref: `/services/${service.id}/requirements`,
    action,
    problems: scene.problems(list),
    insteadOf: insteadOf ? ruleInWords(insteadOf.rule, speechOf(scene)) : null,
    field: ruleFields(scene, kind, { body, list }),
    note: insteadOf ? null : { value: textOf(body, 'note'), error: scene.problems(list).byField['note'] },
    // An alternative is part of a rule that has said it already.
    negotiable: insteadOf
      ? null
      : [
          {
            value: 'yes',
            text: scene.t('directory.rule_form.negotiable'),
            checked: textOf(body, 'negotiable') !== '',
          },
        ],
  }
}

/** The choice of a kind for an alternative. */
export function alternativePage(scene: Scene, service: Service, requirement: Requirement) {
  return {
    title: scene.t('directory.requirements.alternative'),
    backHref: `/services/${service.id}/requirements`,
    service: { name: service.name },
    rule: ruleInWords(requirement.rule, speechOf(scene)),
    action: `/services/${service.id}/requirements/${requirement.id}/alternative`,
    kinds: formKinds.map((kind) => ({ value: kind, text: scene.t(`directory.rule_kind.${kind}`) })),
  }
}
