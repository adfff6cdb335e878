// Sending a referral: what is shared, field by field, with what the partner will read beside it.

import { consentTellers, fullName, sharedFields, waysToConsent, type Client, type SharedField } from '#clients/index.ts'
import type { Service } from '#directory/index.ts'
import { textOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import { namedLanguage } from '#platform/languages.ts'
import type { TakenUp } from '../../after-decline/taking-up.scene.ts'
import type { Finding } from '../../before-sending/finding.ts'
import { beforeSendingModel } from '../../before-sending/pages/before-sending.page.ts'
import { stateTag } from '../../pages/timeline.page.ts'
import { agreedSoFar } from '../new-referral.form.ts'
import { agreedEntries, type SharedEntry } from '../../sharing/share.ts'

export interface NewReferralOptions {
  readonly client: Client
  readonly service: Service
  /** Lines that the assessment offers for sharing. */
  readonly summary: readonly string[]
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
  /** The referral that this one takes up again. */
  readonly takenUp: TakenUp | null
  /** What stands in the way. */
  readonly findings: readonly Finding[]
  readonly siteName: string
}

// messages: clients.shared.*
// messages: clients.access.*
// messages: clients.consent_how.*
// messages: clients.consent_told.*

export function newReferralPage(scene: Scene, options: NewReferralOptions): PageModel {
  const { client, service, summary, body, problems, findings } = options
  const { agreed } = agreedSoFar(body)
  const words = spokenFor(scene, client, body)
  const formHref = formHrefOf(client, body)
  const offered = offeredEntries(scene, client, { summary, words })
  return {
    title: scene.t('referrals.new.title'),
    clientName: fullName(client),
    clientHref: `/clients/${client.id}`,
    service: { name: service.name, organizationName: service.organizationName },
    before: beforeSendingModel(scene, { client, service, findings, body, formHref }),
    takesUp: options.takenUp && takesUpLine(scene, options.takenUp, formHref),
    otherHref: `/clients/${client.id}/recommendations`,
    action: `/clients/${client.id}/referrals`,
    hidden: ['referral', 'service', 'recommendation', 'reason', 'follows'].map((name) => ({
      name,
      value: textOf(body, name),
    })),
    fields: sharedFields
      .filter((field) => field !== 'reason_for_referral')
      .map((field) => fieldItem(scene, offered, field, agreed))
      .filter((item) => item !== null),
    words,
    how: waysToConsent.map((way) => ({
      value: way,
      text: scene.t(`clients.consent_how.${way}`),
      checked: textOf(body, 'how') === way,
    })),
    toldBy: consentTellers.map((who) => ({
      value: who,
      text: scene.t(`clients.consent_told.${who}`),
      checked: textOf(body, 'toldBy') === who,
    })),
    preview: agreedEntries(offered, previewed(agreed, words)).map((entry) => ({
      label: scene.t(`clients.shared.${entry.field}`),
      lines: entry.lines,
    })),
    sender: { name: scene.actor.name, site: options.siteName },
    problems: scene.problems(problems),
  }
}

/** The page again, with what was chosen before it: what was typed is not kept by a link. */
function formHrefOf(client: Client, body: FormBody): string {
  const kept = ['service', 'recommendation', 'reason', 'follows'].map((name) => [name, textOf(body, name)])
  const query = new URLSearchParams(kept.filter(([, value]) => value !== ''))
  return `/clients/${client.id}/referrals/new?${query.toString()}`
}

/** What was typed; with a line for the interpreter when that way out was chosen. */
function spokenFor(scene: Scene, client: Client, body: FormBody): string {
  const { words } = agreedSoFar(body)
  if (textOf(body, 'say') !== 'interpreter' || client.language === null) return words
  const line = scene.t('referrals.before-sending.say.interpreter', { language: languageName(scene, client.language) })
  return words.includes(line) ? words : [words, line].filter((part) => part !== '').join('\n')
}

function takesUpLine(scene: Scene, { kept }: TakenUp, formHref: string) {
  const href = new URL(formHref, 'http://form')
  href.searchParams.set('follows', 'none')
  return {
    reference: kept.file.reference,
    service: kept.file.serviceName,
    href: `/referrals/${kept.file.id}`,
    state: stateTag(scene, kept.referral.state),
    apartHref: `${href.pathname}${href.search}`,
  }
}

/** What is ticked when the page is first drawn: what a partner needs to meet the person, and no more. */
export function usualAgreement(client: Client): FormBody {
  const way: readonly SharedField[] = client.phones.length > 0 ? ['phone'] : client.email === null ? [] : ['email']
  return { agreed: ['name', ...way, 'language', 'access_needs'], how: 'spoken', toldBy: 'client' }
}

/** Words to the partner are shared by being written. */
export function previewed(agreed: readonly SharedField[], words: string): readonly SharedField[] {
  return words === '' ? agreed.filter((field) => field !== 'reason_for_referral') : [...agreed, 'reason_for_referral']
}

/** Every field of the client that could be shared, in words. */
export function offeredEntries(
  scene: Scene,
  client: Client,
  { summary, words }: { summary: readonly string[]; words: string },
): readonly SharedEntry[] {
  const lines: Readonly<Record<SharedField, readonly (string | null)[]>> = {
    name: [fullName(client)],
    phone: client.phones,
    email: [client.email],
    address: [client.address],
    birth_date: [client.birthDate && scene.day(client.birthDate)],
    language: [languageLine(scene, client)],
    access_needs: [...client.accessNeeds.map((need) => scene.t(`clients.access.${need}`)), client.accessWords],
    assessment_summary: summary,
    reason_for_referral: [words],
  }
  return sharedFields.map((field) => ({
    field,
    lines: lines[field].filter((line): line is string => line !== null && line !== ''),
  }))
}

function languageLine(scene: Scene, { language, needsInterpreter }: Client): string | null {
  if (language === null) return needsInterpreter ? scene.t('clients.access.interpreter') : null
  const name = languageName(scene, language)
  return needsInterpreter ? scene.t('referrals.new.interpreter', { language: name }) : name
}

/** The partner reads it: in the network's language, not the adviser's. */
function languageName({ words, network }: Scene, tag: string): string {
  return namedLanguage({ words, locale: network.locale }, tag)
}

function fieldItem(scene: Scene, offered: readonly SharedEntry[], field: SharedField, agreed: readonly SharedField[]) {
  const lines = offered.find((entry) => entry.field === field)?.lines ?? []
  if (lines.length === 0) return null
  return { value: field, text: scene.t(`clients.shared.${field}`), lines, checked: agreed.includes(field) }
}

/** What the last referral shared, for taking it up again. */
export function agreementOf(entries: readonly SharedEntry[]): FormBody {
  const words = entries.find((entry) => entry.field === 'reason_for_referral')?.lines.join('\n') ?? ''
  return { agreed: entries.map((entry) => entry.field), words, how: 'spoken', toldBy: 'client' }
}
