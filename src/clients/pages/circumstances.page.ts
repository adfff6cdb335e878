// The form of a person's circumstances: read, and shown again as typed. Registering and editing share it.

import { z } from 'zod'
import { optionalText, readDay, readForm, requiredText, someOf, textOf, textsOf, ticked } from '#platform/http/index.ts'
import type { FieldProblem, FormBody, Scene, ShownProblems } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { languages, nameOfLanguage } from '#platform/languages.ts'
import { accessNeedGroups, accessNeeds, inFormOrder } from '../access-need.ts'
import { unreachableWays, waysToReach, type Circumstances, type WayToReach } from '../client.ts'
import { nameOfScript, scripts } from '../script.ts'
import { wordsOfName } from '../name.ts'
import { parsePhone } from '../phone.ts'

// messages: clients.access.*
// messages: clients.access_group.*
// messages: clients.reach.*

const circumstancesForm = z.object({
  name: requiredText('clients.form.name_missing', 100).refine(
    (name) => wordsOfName(name).length > 0,
    'clients.form.name_without_letter',
  ),
  familyName: optionalText(100),
  phones: z.string().optional().transform(readPhones),
  email: optionalText(200).refine(
    (email) => email === null || z.email().safeParse(email).success,
    'clients.form.email_shape',
  ),
  reachedBy: someOf(waysToReach).refine((ways) => ways.length > 0, 'clients.form.reach_missing'),
  language: optionalText(35),
  script: optionalText(4).refine(
    (code) => code === null || scripts.some((one) => one === code),
    'platform.form.unusable',
  ),
  needsInterpreter: ticked(),
  accessNeeds: someOf(accessNeeds),
  accessWords: optionalText(2000),
  address: optionalText(300),
  residenceArea: optionalText(40),
  position: optionalText(60).transform(readPosition),
})

/** At most this many numbers: more is a list pasted by mistake. */
const mostPhones = 5

function readPhones(typed: string | undefined, context: z.RefinementCtx): string[] {
  const parts = (typed ?? '').split(/[,;\n]/).filter((part) => part.trim() !== '')
  const numbers = parts.map(parsePhone)
  const read = numbers.flatMap((number) => (number.ok ? [number.value] : []))
  if (read.length < numbers.length) context.addIssue({ code: 'custom', message: 'clients.form.phone_shape' })
  if (read.length > mostPhones)
    context.addIssue({ code: 'custom', message: `clients.form.phones_many|{"most":${mostPhones}}` })
  return [...new Set(read)]
}

function readPosition(typed: string | null, context: z.RefinementCtx): Circumstances['position'] {
  if (typed === null) return null
  const [latitude = NaN, longitude = NaN, ...more] = typed.split(/[,;\s]+/).map(Number)
  const isOnEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && more.length === 0
  if (isOnEarth) return { latitude, longitude }
  context.addIssue({ code: 'custom', message: 'clients.form.position_shape' })
  return z.NEVER
}

/** Reads the form. Refused with a problem for each field that cannot be used. */
export function readCircumstances(body: FormBody, today: string): Result<Circumstances, FieldProblem[]> {
  const form = readForm(circumstancesForm, body)
  const birth = readDay(body, 'birthDate')
  const problems = [...(form.ok ? [] : form.problem), ...(birth.ok ? [] : birth.problem)]
  if (birth.ok && birth.value && birth.value > today)
    problems.push({ field: 'birthDate', key: 'clients.form.birth_in_future' })
  if (birth.ok && birth.value && birth.value < '1900-01-01')
    problems.push({ field: 'birthDate', key: 'clients.form.birth_too_early' })
  if (!form.ok || !birth.ok || problems.length > 0) return refused(problems)
  const person = { ...form.value, birthDate: birth.value, accessNeeds: inFormOrder(form.value.accessNeeds) }
  const missing = unreachableWays(person).map((way) => missingFor[way])
  return missing.length > 0 ? refused(missing) : ok(person)
}

/** The body of a new file where no way was ticked: a number or an address typed in is a way to reach them. A file that
 *  is edited keeps its ticks as they are: there a number may stand that is not to be called. */
export function waysAsTyped(body: FormBody): FormBody {
  if (textsOf(body, 'reachedBy').length > 0) return body
  const typedIn = { phone: textOf(body, 'phones'), email: textOf(body, 'email'), letter: textOf(body, 'address') }
  const ways = waysToReach.filter((way) => way !== 'in_person' && typedIn[way].trim() !== '')
  return ways.length > 0 ? { ...body, reachedBy: ways } : body
}

const missingFor: Readonly<Record<WayToReach, FieldProblem>> = {
  phone: { field: 'phones', key: 'clients.form.phone_missing' },
  email: { field: 'email', key: 'clients.form.email_missing' },
  letter: { field: 'address', key: 'clients.form.address_missing' },
  in_person: { field: 'reachedBy', key: 'clients.form.reach_missing' },
}

/** A file as its form would post it. */
export function typedCircumstances(person: Circumstances): FormBody {
  const [year = '', month = '', day = ''] = person.birthDate?.split('-').map((part) => part.replace(/^0+/, '')) ?? []
  return {
    name: person.name,
    familyName: person.familyName ?? '',
    ...{ 'birthDate-day': day, 'birthDate-month': month, 'birthDate-year': year },
    phones: person.phones.join(', '),
    email: person.email ?? '',
    reachedBy: person.reachedBy,
    language: person.language ?? '',
    script: person.script ?? '',
    ...(person.needsInterpreter ? { needsInterpreter: 'yes' } : {}),
    accessNeeds: person.accessNeeds,
    accessWords: person.accessWords ?? '',
    address: person.address ?? '',
    residenceArea: person.residenceArea ?? '',
    position: person.position ? `${person.position.latitude}, ${person.position.longitude}` : '',
  }
}

/** What the fields' templates need: what was typed, the choices, the problems beside their fields. */
export function circumstancesFields(
  scene: Pick<Scene, 't' | 'locale' | 'words'>,
  body: FormBody,
  problems: ShownProblems,
) {
  const typed = (name: string) => textOf(body, name)
  const one = ['name', 'familyName', 'phones', 'email', 'accessWords', 'address', 'residenceArea', 'position'] as const
  const chosenNeeds = textsOf(body, 'accessNeeds')
  return {
    values: Object.fromEntries(one.map((name) => [name, typed(name)])),
    errors: problems.byField,
    birthDate: ['day', 'month', 'year'].map((part) => ({
      name: part,
      label: scene.t(`clients.form.birth_${part}`),
      value: typed(`birthDate-${part}`),
      classes: `govuk-input--width-${part === 'year' ? 4 : 2}${problems.byField['birthDate'] ? ' govuk-input--error' : ''}`,
    })),
    reachedBy: waysToReach.map((value) => ({
      value,
      text: scene.t(`clients.reach.${value}`),
      checked: textsOf(body, 'reachedBy').includes(value),
    })),
    languages: choices(scene, { codes: languages, chosen: typed('language'), nameOf: nameOfLanguage }),
    scripts: choices(scene, { codes: scripts, chosen: typed('script'), nameOf: nameOfScript }),
    needsInterpreter: [
      { value: 'yes', text: scene.t('clients.form.needs_interpreter'), checked: typed('needsInterpreter') !== '' },
    ],
    accessGroups: Object.entries(accessNeedGroups).map(([group, needs]) => ({
      legend: scene.t(`clients.access_group.${group}`),
      idPrefix: `accessNeeds-${group}`,
      items: needs.map((value) => ({
        value,
        text: scene.t(`clients.access.${value}`),
        checked: chosenNeeds.includes(value),
      })),
    })),
    isAccessOpen:
      chosenNeeds.length > 0 ||
      typed('accessWords') !== '' ||
      typed('script') !== '' ||
      typed('needsInterpreter') !== '',
    // A letter needs the address: it must not be hidden beside its own error.
    isAddressOpen: ['address', 'residenceArea', 'position'].some(
      (name) => typed(name) !== '' || problems.byField[name],
    ),
  }
}
// messages: clients.form.birth_day
// messages: clients.form.birth_month
// messages: clients.form.birth_year

interface Choices {
  readonly codes: readonly string[]
  readonly chosen: string
  readonly nameOf: (code: string, locale: string) => string
}

/** In the order of the reader's alphabet, an unlisted choice of the file included, nothing chosen first. */
function choices(scene: Pick<Scene, 't' | 'locale' | 'words'>, { codes, chosen, nameOf }: Choices) {
  const all = chosen === '' || codes.includes(chosen) ? codes : [...codes, chosen]
  const named = all
    .map((value) => ({ value, text: scene.words.formatted(nameOf(value, scene.locale)), selected: value === chosen }))
    .sort((a, b) => a.text.localeCompare(b.text, scene.locale))
  return [{ value: '', text: scene.t('clients.form.not_known'), selected: chosen === '' }, ...named]
}
