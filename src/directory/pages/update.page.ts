// What the network itself says of a service: its type, places, next start, and that the entry is right.

import { z } from 'zod'
import type { CalendarDay } from '#platform/dates.ts'
import { oneOf, optionalInteger, readDay, readForm, textOf, ticked } from '#platform/http/index.ts'
import type { FieldProblem, FormBody, Scene } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { serviceTypeKey, serviceTypes, type ServiceType } from '../service-type.ts'
import type { Service } from '../services.store.ts'
import { shownFreshness } from '../words.scene.ts'

export interface Update {
  readonly type: ServiceType | null
  readonly placesFree: number | null
  readonly nextStart: CalendarDay | null
  readonly isChecked: boolean
}

const mostPlaces = 10_000

const form = z.object({
  type: oneOf(['', ...serviceTypes], 'platform.form.unusable').transform((type) => (type === '' ? null : type)),
  placesFree: optionalInteger(0, mostPlaces),
  isChecked: ticked(),
})

export function readUpdate(body: FormBody): Result<Update, FieldProblem[]> {
  const read = readForm(form, body)
  const start = readDay(body, 'nextStart')
  const problems = [...(read.ok ? [] : read.problem), ...(start.ok ? [] : start.problem)]
  return read.ok && start.ok ? ok({ ...read.value, nextStart: start.value }) : refused(problems)
}

export function typedUpdate(service: Service): FormBody {
  const [year = '', month = '', day = ''] = service.nextStart?.split('-').map((part) => part.replace(/^0+/, '')) ?? []
  return {
    type: service.serviceType ?? '',
    placesFree: service.placesFree === null ? '' : String(service.placesFree),
    ...{ 'nextStart-day': day, 'nextStart-month': month, 'nextStart-year': year },
  }
}

export function updatePage(
  scene: Scene,
  service: Service,
  { body, list }: { body: FormBody; list: readonly FieldProblem[] },
) {
  const problems = scene.problems(list)
  const chosen = textOf(body, 'type')
  return {
    title: scene.t('directory.update.title'),
    service: { name: service.name, href: `/services/${service.id}`, freshness: shownFreshness(scene, service).text },
    action: `/services/${service.id}/update`,
    problems,
    errors: problems.byField,
    types: [
      { value: '', text: scene.t(serviceTypeKey(null)), selected: chosen === '' },
      ...serviceTypes.map((type) => ({ value: type, text: scene.t(serviceTypeKey(type)), selected: chosen === type })),
    ],
    placesFree: textOf(body, 'placesFree'),
    nextStart: ['day', 'month', 'year'].map((part) => ({
      name: part,
      label: scene.t(`directory.update.${part}`),
      value: textOf(body, `nextStart-${part}`),
      classes: `${part === 'year' ? 'govuk-input--width-4' : 'govuk-input--width-2'}${problems.byField['nextStart'] ? ' govuk-input--error' : ''}`,
    })),
    checked: [{ value: 'yes', text: scene.t('directory.update.checked'), checked: textOf(body, 'isChecked') !== '' }],
  }
}

// messages: directory.update.*
