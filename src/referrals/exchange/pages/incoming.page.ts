// Who was sent to us: the list, and one request with the question who this is.

import { fullName, type Client } from '#clients/index.ts'
import type { Site } from '#networks/index.ts'
import {
  noProblems,
  textOf,
  type FieldProblem,
  type FormBody,
  type PageModel,
  type Scene,
} from '#platform/http/index.ts'
import { namedLanguage } from '#platform/languages.ts'
import { incomingDeclineReasons, type IncomingFields, type IncomingFile } from '../incoming-referral.ts'

// messages: referrals.exchange.incoming_status.*
// messages: referrals.exchange.incoming_reason.*

export function incomingListPage(
  scene: Scene,
  { waiting, decided }: { waiting: readonly IncomingFile[]; decided: readonly IncomingFile[] },
): PageModel {
  const row = (request: IncomingFile) => ({
    href: `/referrals/incoming/${request.id}`,
    name: request.fields === null ? null : nameOf(request.fields),
    reference: request.reference,
    organization: request.organizationName,
    received: scene.moment(request.receivedAt),
    status: scene.t(`referrals.exchange.incoming_status.${request.status}`),
  })
  return {
    title: scene.t('referrals.exchange.incoming.title'),
    waiting: waiting.map(row),
    decided: decided.map(row),
  }
}

export interface IncomingShown {
  readonly request: IncomingFile
  readonly candidates: readonly Client[]
  readonly sites: readonly Site[]
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

export function incomingPage(scene: Scene, { request, candidates, sites, body, problems }: IncomingShown): PageModel {
  const { fields, status } = request
  const shown = problems.length > 0 ? scene.problems(problems) : noProblems
  const chosenSite = textOf(body, 'siteId') || sites.find(({ id }) => scene.actor.siteIds.includes(id))?.id
  const who = textOf(body, 'who')
  return {
    title: scene.t('referrals.exchange.incoming.one_title'),
    problems: shown,
    reference: request.reference,
    organization: request.organizationName,
    name: fields === null ? null : nameOf(fields),
    rows: fields === null ? [] : rowsOf(scene, fields),
    consent: scene.t('referrals.exchange.incoming.consent', { day: scene.day(request.consentOn) }),
    received: scene.moment(request.receivedAt),
    isWaiting: status === 'received',
    stands: scene.t(`referrals.exchange.incoming_status.${status}`),
    why: request.reason === null ? null : scene.t(`referrals.exchange.incoming_reason.${request.reason}`),
    clientHref: request.clientId === null ? null : `/clients/${request.clientId}`,
    action: `/referrals/incoming/${request.id}`,
    candidates: candidates.map((client) => ({
      value: client.id,
      name: fullName(client),
      reference: client.reference,
      born: client.birthDate === null ? null : scene.day(client.birthDate),
      site: sites.find(({ id }) => id === client.siteId)?.name ?? '',
      checked: who === client.id,
    })),
    who,
    clientReference: textOf(body, 'reference'),
    sites: sites.map(({ id, name }) => ({ value: id, text: name, selected: id === chosenSite })),
    reasons: [...incomingDeclineReasons, 'duplicate'].map((reason) => ({
      value: reason,
      text: scene.t(`referrals.exchange.incoming_reason.${reason}`),
      checked: textOf(body, 'reason') === reason,
    })),
  }
}

/** What was said with the request, as a note of the file: what has no field of its own there. */
export function noteWords(scene: Scene, request: IncomingFile, fields: IncomingFields): string {
  const { t } = scene
  const lines = [
    t('referrals.exchange.incoming.note', { organization: request.organizationName, reference: request.reference }),
    ...(fields.contact === null ? [] : [`${t('referrals.exchange.incoming.contact')}: ${fields.contact}`]),
    ...(fields.reason === null ? [] : [`${t('referrals.exchange.incoming.reason')}: ${fields.reason}`]),
    ...(fields.language === null ? [] : [`${t('clients.shared.language')}: ${fields.language}`]),
    ...(fields.phones.length === 0 ? [] : [`${t('clients.shared.phone')}: ${fields.phones.join(', ')}`]),
    ...fields.words,
  ]
  return lines.join('\n').slice(0, 4000)
}

function nameOf({ name, familyName }: IncomingFields): string {
  return familyName === null ? name : `${name} ${familyName}`
}

function rowsOf(scene: Scene, fields: IncomingFields) {
  const row = (key: string, lines: readonly (string | null)[]) => ({
    label: scene.t(key),
    lines: lines.filter((line) => line !== null && line !== ''),
  })
  return [
    row('clients.shared.name', [nameOf(fields)]),
    row('clients.shared.birth_date', [fields.birthDate && scene.day(fields.birthDate)]),
    row('clients.shared.phone', fields.phones),
    row('clients.shared.email', [fields.email]),
    row('clients.shared.address', [fields.address]),
    row('clients.shared.language', [fields.language && languageIn(scene, fields.language)]),
    row('clients.shared.access_needs', fields.needs),
    row('referrals.exchange.incoming.reason', [fields.reason]),
    row('referrals.exchange.incoming.words', fields.words),
    row('referrals.exchange.incoming.contact', [fields.contact]),
  ].filter(({ lines }) => lines.length > 0)
}

/** The name of a language that came as its tag; what came as a name stays. */
function languageIn(scene: Scene, said: string): string {
  return /^[a-z]{2,3}(-|$)/.test(said) ? namedLanguage(scene, said) : said
}
