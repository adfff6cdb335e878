// Consent on a file: what was agreed, to whom, until when; given and withdrawn.

import { z } from 'zod'
import { noProblems, oneOf, optionalText, readDay, readForm, someOf, textOf, textsOf } from '#platform/http/index.ts'
import type { FieldProblem, FormBody, Scene } from '#platform/http/index.ts'
import { addMonths, type CalendarDay } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { NewConsent } from '../client-history.store.ts'
import type { Client } from '../client.ts'
import { consentPurposes, consentTellers, sharedFields, waysToConsent, type Consent } from '../consent.ts'
import type { Surroundings } from '../surroundings.scene.ts'
import { fileHead } from './file.page.ts'

// messages: clients.purpose.*
// messages: clients.shared.*
// messages: clients.consent_how.*
// messages: clients.consent_told.*
// messages: clients.consent_state.*

const consentForm = z
  .object({
    purpose: oneOf(consentPurposes, 'clients.consent.purpose_missing'),
    what: someOf(sharedFields),
    recipient: optionalText(200),
    how: oneOf(waysToConsent, 'clients.consent.how_missing'),
    toldBy: oneOf(consentTellers, 'clients.consent.told_missing'),
  })
  .refine(({ purpose, what }) => purpose !== 'share_for_referral' || what.length > 0, {
    path: ['what'],
    message: 'clients.consent.what_missing',
  })
  .refine(({ purpose, recipient }) => purpose !== 'share_for_referral' || recipient !== null, {
    path: ['recipient'],
    message: 'clients.consent.recipient_missing',
  })

/** Reads what was agreed. What may be shared counts only for a consent to share. */
export function readConsent(body: FormBody, today: CalendarDay): Result<NewConsent, FieldProblem[]> {
  const form = readForm(consentForm, body)
  const until = readDay(body, 'until')
  const problems = [...(form.ok ? [] : form.problem), ...(until.ok ? [] : until.problem)]
  if (until.ok && until.value && until.value < today)
    problems.push({ field: 'until', key: 'clients.consent.until_past' })
  if (!form.ok || !until.ok || problems.length > 0) return refused(problems)
  const what = form.value.purpose === 'share_for_referral' ? form.value.what : []
  return ok({ ...form.value, what, until: until.value, organizationId: null })
}

interface Consenting {
  readonly consents: readonly Consent[]
  readonly surroundings: Surroundings
  readonly body?: FormBody
  readonly problems?: readonly FieldProblem[]
}

/** A consent usually lasts this long: a year of help, then it is asked again. */
const usualMonths = 12

export function consentPage(scene: Scene, client: Client, { consents, surroundings, body, problems = [] }: Consenting) {
  const typed = body ?? { until: addMonths(scene.today, usualMonths), how: 'spoken', toldBy: 'client' }
  const choice = (name: string, family: string) => (value: string) => ({
    value,
    text: scene.t(`clients.${family}.${value}`),
    checked: textsOf(typed, name).includes(value),
  })
  return {
    title: scene.t('clients.consent.title'),
    head: fileHead(client),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    action: `/clients/${client.id}/consent`,
    consents: consents.map((consent) => consentRow(scene, client, consent, surroundings)),
    purposes: consentPurposes.map(choice('purpose', 'purpose')),
    what: sharedFields.map(choice('what', 'shared')),
    how: waysToConsent.map(choice('how', 'consent_how')),
    toldBy: consentTellers.map(choice('toldBy', 'consent_told')),
    typed: { recipient: textOf(typed, 'recipient'), until: textOf(typed, 'until') },
  }
}

export function consentRow(scene: Scene, client: Pick<Client, 'id'>, consent: Consent, surroundings: Surroundings) {
  return {
    purpose: scene.t(`clients.purpose.${consent.purpose}`),
    what: consent.what
      .map((field) => (scene.words.has(`clients.shared.${field}`) ? scene.t(`clients.shared.${field}`) : field))
      .join(', '),
    recipient: consent.recipient,
    state: scene.t(`clients.consent_state.${consent.state}`),
    tone: consent.state === 'holds' ? 'good' : 'stop',
    until: consent.until ? scene.day(consent.until) : null,
    given: scene.t('clients.consent.given', {
      when: scene.moment(consent.happenedAt),
      how: scene.t(`clients.consent_how.${consent.how}`),
      teller: scene.t(`clients.consent_told.${consent.toldBy}`),
      by: surroundings.staffName(consent.recordedBy),
    }),
    withdrawn: consent.withdrawnAt
      ? scene.t('clients.consent.withdrawn', { when: scene.moment(consent.withdrawnAt) })
      : null,
    withdrawHref: consent.withdrawnAt ? null : `/clients/${client.id}/consent/${consent.id}/withdraw`,
  }
}

export const withdrawForm = z.object({
  how: oneOf(waysToConsent, 'clients.consent.how_missing'),
  toldBy: oneOf(consentTellers, 'clients.consent.told_missing'),
})

interface Withdrawing {
  readonly consent: Consent
  readonly surroundings: Surroundings
  readonly problems?: readonly FieldProblem[]
}

export function withdrawPage(scene: Scene, client: Client, { consent, surroundings, problems = [] }: Withdrawing) {
  return {
    title: scene.t('clients.consent.withdraw_title'),
    head: fileHead(client),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    action: `/clients/${client.id}/consent/${consent.id}/withdraw`,
    consent: consentRow(scene, client, consent, surroundings),
    how: waysToConsent.map((value) => ({
      value,
      text: scene.t(`clients.consent_how.${value}`),
      checked: value === 'spoken',
    })),
    toldBy: consentTellers.map((value) => ({
      value,
      text: scene.t(`clients.consent_told.${value}`),
      checked: value === 'client',
    })),
  }
}
