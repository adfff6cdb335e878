// One contact: what is known of the person, and what can be done with their account.

import {
  noProblems,
  textOf,
  type FieldProblem,
  type FormBody,
  type PartnerActor,
  type Scene,
  type StaffActor,
} from '#platform/http/index.ts'
import type { OrganizationId } from '#platform/ids.ts'
import { languageChoices } from '#platform/languages.ts'
import { possibleActs, waysToReach, type AccountAct, type Contact } from '../contact.ts'

/** Where contacts are looked after: at a partner's page by staff, or in the own team by its lead. */
export interface Desk {
  readonly organizationId: OrganizationId
  readonly isTeam: boolean
  /** The page to go back to. */
  readonly list: string
  /** Begins the addresses of the pages on contacts. */
  readonly base: string
}

type Acting = Scene<StaffActor | PartnerActor>

// messages: partners.reached_by.*
// messages: partners.state.*
// messages: partners.act.*
// messages: partners.contact.invite
// messages: partners.contact.invite_hint
// messages: partners.contact.is_lead
// messages: partners.contact.is_lead_hint

export function newContactPage(
  scene: Acting,
  { desk, body, list }: { desk: Desk; body: FormBody; list: readonly FieldProblem[] },
) {
  const box = (key: 'invite' | 'is_lead', name: string = key) => ({
    value: 'yes',
    text: scene.t(`partners.contact.${key}`),
    hint: { text: scene.t(`partners.contact.${key}_hint`) },
    checked: textOf(body, name) !== '',
  })
  return {
    title: scene.t(desk.isTeam ? 'partners.contact.invite_title' : 'partners.contact.new_title'),
    back: backTo(scene, desk),
    contact: null,
    action: `${desk.base}/new`,
    id: textOf(body, 'id'),
    ...fields(scene, body, list),
    invite: [box('invite')],
    isLead: [box('is_lead', 'isLead')],
  }
}

export function contactPage(
  scene: Acting,
  at: { desk: Desk; contact: Contact; body: FormBody | null; list: readonly FieldProblem[] },
) {
  const { desk, contact, body, list } = at
  const here = `${desk.base}/${contact.id}`
  const isOwn = contact.id === scene.actor.id
  return {
    title: scene.t('partners.contact.page_title'),
    back: backTo(scene, desk),
    action: here,
    contact: {
      name: contact.name,
      state: scene.t(`partners.state.${contact.state}`),
      lead: contact.isLead ? scene.t('partners.team.lead') : null,
      // The address of an account is what its owner signs in with: nobody else moves the account to another.
      address: contact.state === 'invited' || contact.state === 'active' ? contact.email : null,
    },
    ...fields(scene, body ?? bodyOf(contact), list),
    account: scene.problems(list).byField['account'],
    hint: contact.email === null ? scene.t('partners.contact.invite_needs_address') : null,
    acts: possibleActs(contact).map((act) => ({
      action: `${here}/${act}`,
      ...actWords(scene, contact, act, isOwn),
      isFinal: act === 'end' || act === 'leave',
    })),
  }
}

function actWords(scene: Acting, { name, state }: Contact, act: AccountAct, isOwn: boolean) {
  const form = act === 'invite' && state !== 'none' ? `invite_${state}` : act
  return {
    text: scene.t(`partners.act.${form}`),
    hint: scene.t(isOwn && act !== 'invite' ? `partners.act.${act}_own_hint` : `partners.act.${form}_hint`, { name }),
  }
}

function fields(scene: Acting, body: FormBody, list: readonly FieldProblem[]) {
  const typed = (name: string) => textOf(body, name)
  const locale = typed('locale')
  return {
    values: { name: typed('name'), title: typed('title'), email: typed('email'), phone: typed('phone') },
    reachedBy: waysToReach.map((value) => ({
      value,
      text: scene.t(`partners.reached_by.${value}`),
      checked: typed('reachedBy') === value,
    })),
    locales: languageChoices(scene.locale, locale === '' ? [] : [locale]).map(({ tag, name }) => ({
      value: tag,
      text: scene.words.formatted(name),
      selected: tag === locale,
    })),
    problems: list.length > 0 ? scene.problems(list) : noProblems,
  }
}

function bodyOf({ name, title, email, phone, reachedBy, locale }: Contact): FormBody {
  return { name, title: title ?? '', email: email ?? '', phone: phone ?? '', reachedBy, locale }
}

function backTo(scene: Acting, { list, isTeam }: Desk) {
  return { href: list, text: scene.t(isTeam ? 'partners.team.title' : 'partners.contact.back') }
}
