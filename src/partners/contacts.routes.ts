// Pages on one contact, alike at two desks: staff look after the contacts of every partner, a lead after the own team.

import { z } from 'zod'
import { organizationNames } from '#directory/index.ts'
import type { SignedInRoute } from '#platform/accounts/index.ts'
import {
  idOf,
  notFound,
  page,
  readForm,
  redirect,
  type Answer,
  type FieldProblem,
  type FormBody,
  type PartnerActor,
  type Routes,
  type StaffActor,
} from '#platform/http/index.ts'
import { newId, type ContactId, type OrganizationId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { accountActs, mayAct, mayActInTeam, type AccountAct, type Contact } from './contact.ts'
import { accountHolderForm, contactForm, newContactForm } from './contact.form.ts'
import { actOnAccount, welcome, type Acting } from './contacts.acts.ts'
import { changeContact, findContact, holdTeam, insertContact } from './contacts.store.ts'
import { contactPage, newContactPage, type Desk } from './pages/contact.page.ts'

// messages: partners.done.*
// messages: partners.team.last_lead
// messages: partners.team.no_longer

/** One of the two desks at which contacts are looked after. */
interface Place<Actor extends StaffActor | PartnerActor> {
  readonly path: string
  readonly route: SignedInRoute<Actor>
  /** Where the list is, and whose people these are. */
  readonly deskOf: (actor: Actor, params: Params) => Desk
}

interface Params {
  readonly organizationId?: OrganizationId | undefined
  readonly id?: ContactId | undefined
  readonly act?: AccountAct | undefined
}

const params: z.ZodType<Params> = z.object({
  organizationId: idOf<'organization'>().optional(),
  id: idOf<'contact'>().optional(),
  act: z.enum(accountActs).optional(),
})

export function contactsRoutes(routes: Routes, tools: { readonly keys: Keys }): void {
  const roles = ['adviser', 'manager', 'administrator'] as const
  mountDesk<StaffActor>(tools, {
    path: '/partners/:organizationId/contacts',
    route: (method, path, options, handler) => routes.staff(method, path, { ...options, roles }, handler),
    deskOf: (_actor, { organizationId = notFound() }) => ({
      ...{ organizationId, isTeam: false, list: `/partners/${organizationId}` },
      base: `/partners/${organizationId}/contacts`,
    }),
  })
  mountDesk<PartnerActor>(tools, {
    path: '/team',
    route: (method, path, options, handler) => routes.partner(method, path, { ...options, leadOnly: true }, handler),
    deskOf: ({ organizationId }) => ({ organizationId, isTeam: true, list: '/team', base: '/team' }),
  })
}

function mountDesk<Actor extends StaffActor | PartnerActor>(
  { keys }: { readonly keys: Keys },
  { path, route, deskOf }: Place<Actor>,
): void {
  route('GET', `${path}/new`, { params }, async (scene, input) => {
    const desk = deskOf(scene.actor, input.params)
    await refuseUnknown(scene, desk)
    const body = { id: newId(), reachedBy: 'email', locale: scene.network.locale, invite: desk.isTeam ? 'yes' : '' }
    return page('partners/pages/contact.njk', newContactPage(scene, { desk, body, list: [] }))
  })

  route('POST', `${path}/new`, { params }, async (scene, { params: at, body }) => {
    const desk = deskOf(scene.actor, at)
    await refuseUnknown(scene, desk)
    const form = readForm(newContactForm, body)
    if (!form.ok) return retyped(scene, { desk, body, list: form.problem })
    const { invite, isLead, ...person } = form.value
    const { organizationId } = desk
    const contact: Contact = { ...person, organizationId, state: invite ? 'invited' : 'none', isLead: invite && isLead }
    const added = await insertContact(scene.db, scene.network.id, contact, scene.now)
    if (!added.ok && added.problem === 'address_taken') {
      return retyped(scene, { desk, body, list: [{ field: 'email', key: 'partners.contact.address_taken' }] })
    }
    if (added.ok) await welcome(scene, keys, contact)
    const notice = scene.t(invite ? 'partners.done.invite' : 'partners.done.added', { name: person.name })
    return redirect(desk.list, notice)
  })

  route('GET', `${path}/:id`, { params }, async (scene, input) => {
    const desk = deskOf(scene.actor, input.params)
    const contact = await contactAt(scene, desk, input.params.id)
    return page('partners/pages/contact.njk', contactPage(scene, { desk, contact, body: null, list: [] }))
  })

  route('POST', `${path}/:id`, { params }, async (scene, { params: at, body }) => {
    const desk = deskOf(scene.actor, at)
    const contact = await contactAt(scene, desk, at.id)
    const hasAccount = contact.state === 'invited' || contact.state === 'active'
    const form = hasAccount ? readForm(accountHolderForm, body) : readForm(contactForm, body)
    if (!form.ok) return answered(scene, { desk, contact, body, list: form.problem })
    await changeContact(scene.db, contact.id, form.value)
    await scene.record('partners.changed', { subjectId: contact.id, facts: { organizationId: contact.organizationId } })
    return redirect(desk.list, scene.t('partners.done.changed', { name: form.value.name }))
  })

  route('POST', `${path}/:id/:act`, { params }, async (scene, { params: at }) => {
    const desk = deskOf(scene.actor, at)
    const act = at.act ?? notFound()
    const team = await holdTeam(scene.db, desk.organizationId)
    const contact = team.find(({ id }) => id === at.id) ?? notFound()
    const refusal = (key: string) => answered(scene, { desk, contact, body: null, list: [{ field: 'account', key }] })
    const may = desk.isTeam ? mayActInTeam(team, contact, act) : mayAct(contact, act)
    if (!may.ok) return refusal(`partners.team.${may.problem}`)
    const done = await actOnAccount(scene, keys, contact, act)
    if (!done.ok) return refusal('partners.contact.address_taken')
    // Whoever gave up looking after accounts, or left, has no such page any more.
    const isOver = act === 'leave' || contact.id === scene.actor.id
    const notice = scene.t(`partners.done.${act}`, { name: contact.name })
    return redirect(isOver ? desk.list : `${desk.base}/${contact.id}`, notice)
  })
}

async function refuseUnknown({ db }: Acting, { organizationId, isTeam }: Desk): Promise<void> {
  if (!isTeam && (await organizationNames(db, [organizationId])).size === 0) notFound()
}

/** A contact is looked after at the desk of the own organisation alone. */
async function contactAt(scene: Acting, { organizationId }: Desk, id: ContactId = notFound()): Promise<Contact> {
  const contact = (await findContact(scene.db, id)) ?? notFound()
  return contact.organizationId === organizationId ? contact : notFound()
}

function retyped(scene: Acting, at: { desk: Desk; body: FormBody; list: readonly FieldProblem[] }): Answer {
  return page('partners/pages/contact.njk', newContactPage(scene, at), { status: 400 })
}

function answered(
  scene: Acting,
  at: { desk: Desk; contact: Contact; body: FormBody | null; list: readonly FieldProblem[] },
): Answer {
  return page('partners/pages/contact.njk', contactPage(scene, at), { status: 400 })
}
