// What stands in the way, quick to read: stops first, each with its ways out beside it; one line when all is well.

import type { Client } from '#clients/index.ts'
import { factInWords, factsOf, ruleInWords, speechOf, unmetInWords, type Service } from '#directory/index.ts'
import { parseDay } from '#platform/dates.ts'
import { textsOf, type FormBody, type Scene } from '#platform/http/index.ts'
import { namedLanguage } from '#platform/languages.ts'
import { markOf, stopsLeft, type Finding, type WayOut } from '../finding.ts'

// messages: referrals.before-sending.finding.*
// messages: referrals.before-sending.way.*
// messages: referrals.before-sending.pass.*
// messages: clients.access.*

export interface LookedAt {
  readonly client: Client
  readonly service: Service
  readonly findings: readonly Finding[]
  readonly body: FormBody
  /** The address of the form itself, with what was chosen. */
  readonly formHref: string
}

interface ShownFinding {
  readonly text: string
  readonly ways: readonly { readonly text: string; readonly href: string }[]
  readonly pass: { readonly value: string; readonly text: string; readonly checked: boolean } | null
}

export function beforeSendingModel(scene: Scene, looked: LookedAt) {
  const of = (level: Finding['level']) =>
    looked.findings.filter((finding) => finding.level === level).map((finding) => shownFinding(scene, looked, finding))
  return {
    isClear: looked.findings.every(({ level }) => level === 'note'),
    stops: of('stop'),
    warnings: of('warning'),
    notes: of('note'),
    // A box to tick stands beside what may be passed; the rest must be settled first.
    isBarred: stopsLeft(looked.findings, looked.findings.map(markOf)).length > 0,
  }
}

/** One finding as a sentence, for wherever it is told again. */
export function findingInWords(scene: Scene, { code, values, requirement }: Finding): string {
  return scene.t(`referrals.before-sending.finding.${code}`, {
    ...wordsOf(scene, values),
    ...(requirement === undefined ? {} : requirementWords(scene, requirement)),
  })
}

function shownFinding(scene: Scene, looked: LookedAt, finding: Finding): ShownFinding {
  const mark = markOf(finding)
  return {
    text: findingInWords(scene, finding),
    ways: finding.waysOut.map((way) => ({
      text: scene.t(`referrals.before-sending.way.${way}`),
      href: hrefOf(looked, finding, way),
    })),
    pass: finding.mayPass
      ? {
          value: mark,
          text: scene.t(`referrals.before-sending.pass.${finding.code}`),
          checked: textsOf(looked.body, 'pass').includes(mark),
        }
      : null,
  }
}

function requirementWords(scene: Scene, { rule, check }: NonNullable<Finding['requirement']>) {
  const speech = speechOf(scene)
  if (check.answer === 'does_not_meet') return { requirement: unmetInWords(check.why, speech) }
  const facts = check.answer === 'not_known' ? check.facts.map((code) => factInWords(code, speech)) : []
  return { requirement: ruleInWords(rule, speech), facts: speech.and([...new Set(facts)]) }
}

function wordsOf(scene: Scene, values: Finding['values']): Record<string, string | number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, wordOf(scene, name, value)] as const))
}

function wordOf(scene: Scene, name: string, value: Finding['values'][string]): string | number {
  if (typeof value === 'number') return value
  if (typeof value === 'object') {
    return speechOf(scene).and(value.map((need) => scene.t(`clients.access.${need}`)))
  }
  if (name === 'language') return namedLanguage(scene, value)
  const day = name === 'day' ? parseDay(value) : null
  return day === null ? value : scene.day(day)
}

function hrefOf({ client, service, formHref }: LookedAt, finding: Finding, way: WayOut): string {
  const file = `/clients/${client.id}`
  const entry = `/services/${service.id}`
  switch (way) {
    case 'other_service':
      return `${file}/recommendations`
    case 'other_place':
      return `${entry}#where`
    case 'open_other':
      return `/referrals/${String(finding.values['referral'])}`
    case 'ask_client':
      return `${file}/assessments/new`
    case 'correct_facts':
      return isOfFile(finding) ? `${file}/edit` : `${file}/assessments/new`
    case 'correct_file':
      return `${file}/edit`
    case 'ask_places':
      return `${entry}/ask-places?client=${client.id}`
    case 'ring':
    case 'ask_exception':
      return service.phone === null ? `${entry}#contact` : `tel:${service.phone.replace(/[^\d+]/g, '')}`
    case 'see_service':
      return entry
    case 'correct_requirement':
      return finding.requirement?.rule.kind === 'any_of'
        ? `${entry}/requirements`
        : `${entry}/requirements/${finding.requirement?.id ?? ''}`
    case 'read_shared':
      return '#preview'
    case 'agree_again':
      return '#how'
    case 'ask_interpreter':
      return `${formHref}&say=interpreter#words`
  }
}

/** Age and place stand in the file itself; the rest was asked in an assessment. */
function isOfFile({ requirement }: Finding): boolean {
  return (
    requirement !== undefined && factsOf(requirement.rule).every((code) => code === 'age' || code === 'residence_area')
  )
}
