// Accounts, for administrators: invite, change, sign out everywhere, close and reopen.

import { z } from 'zod'
import { sitesOf } from '#networks/index.ts'
import {
  atDoor,
  endSessionsOf,
  letterOf,
  makePasswordLink,
  normalEmail,
  removePasskeysOf,
} from '#platform/accounts/index.ts'
import { staffRoles } from '#platform/db/index.ts'
import {
  idOf,
  notAllowed,
  notFound,
  page,
  readForm,
  redirect,
  requiredText,
  someOf,
  textOf,
  textsOf,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { parseId, type SiteId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { languageBoxes, spokenLanguages } from './languages.form.ts'
import type { StaffMember } from './member.ts'
import { staffAccounts } from './staff.accounts.ts'
import {
  changeStaff,
  findStaff,
  findStaffByEmail,
  insertStaff,
  listStaff,
  markLeft,
  placeStaff,
  reopenStaff,
} from './staff.store.ts'

// messages: staff.role.*
// messages: staff.state.*

const memberForm = z.object({
  name: requiredText('staff.member.name_missing', 120),
  roles: someOf(staffRoles).refine((roles) => roles.length > 0, 'staff.member.role_missing'),
  languages: spokenLanguages,
})

const invitationForm = memberForm.extend({
  email: z.string({ error: 'staff.member.email_missing' }).trim().pipe(z.email('staff.member.email_missing')),
})

const ids = z.object({ id: idOf<'staff'>() })
const administrator = { roles: ['administrator'] } as const

export function membersRoutes(routes: Routes, { keys }: { keys: Keys }): void {
  routes.staff('GET', '/settings', administrator, async (scene) =>
    page('staff/pages/settings.njk', { title: scene.t('staff.settings.title') }),
  )

  routes.staff('GET', '/settings/staff', administrator, async (scene) => {
    const [members, sites] = await Promise.all([listStaff(scene.db), sitesOf(scene.db)])
    const siteNames = new Map(sites.map((site) => [site.id, site.name]))
    return page('staff/pages/members.njk', {
      title: scene.t('staff.members.title'),
      members: members.map((member) => ({
        id: member.id,
        name: member.name,
        email: member.email,
        state: scene.t(`staff.state.${member.state}`),
        roles: member.roles.map((role) => scene.t(`staff.role.${role}`)),
        sites: member.siteIds.map((id) => siteNames.get(id) ?? ''),
      })),
    })
  })

  routes.staff('GET', '/settings/staff/new', administrator, async (scene) =>
    memberPage(scene, { member: null, body: {}, list: [] }),
  )

  routes.staff('POST', '/settings/staff/new', administrator, async (scene, { body }) => {
    const form = readForm(invitationForm, body)
    if (!form.ok) return memberPage(scene, { member: null, body, list: form.problem })
    const email = normalEmail(form.value.email)
    if (await findStaffByEmail(scene.db, email)) {
      return memberPage(scene, { member: null, body, list: [{ field: 'email', key: 'staff.member.email_taken' }] })
    }
    const { name, roles, languages } = form.value
    const places = await placesIn(scene, body)
    const id = await insertStaff(
      scene.db,
      scene.network.id,
      { name, email, roles, locale: scene.network.locale, languages, ...places },
      scene.now,
    )
    await sendLink(scene, keys, { id, email, locale: scene.network.locale, kind: 'invitation' })
    await scene.record('staff.invited', { subjectId: id, facts: { roles } })
    return redirect('/settings/staff', scene.t('staff.member.invited', { name }))
  })

  routes.staff('GET', '/settings/staff/:id', { ...administrator, params: ids }, async (scene, { params }) => {
    const member = (await findStaff(scene.db, params.id)) ?? notFound()
    return memberPage(scene, { member, body: bodyOf(member), list: [] })
  })

  routes.staff('POST', '/settings/staff/:id', { ...administrator, params: ids }, async (scene, { params, body }) => {
    const member = (await findStaff(scene.db, params.id)) ?? notFound()
    const form = readForm(memberForm, body)
    if (!form.ok) return memberPage(scene, { member, body, list: form.problem })
    const { name, roles, languages } = form.value
    // Nobody would be left to give the role back: an administrator's is taken by another one.
    if (member.id === scene.actor.id && !roles.includes('administrator')) {
      return memberPage(scene, { member, body, list: [{ field: 'roles', key: 'staff.member.not_your_own_role' }] })
    }
    await changeStaff(scene.db, member.id, { name, roles, languages })
    await placeStaff(scene.db, scene.network.id, member.id, await placesIn(scene, body))
    await scene.record('staff.changed', { subjectId: member.id, facts: { roles } })
    return redirect('/settings/staff', scene.t('staff.member.changed', { name }))
  })

  routes.staff('POST', '/settings/staff/:id/sign-out', { ...administrator, params: ids }, async (scene, { params }) => {
    const member = (await findStaff(scene.db, params.id)) ?? notFound()
    const sessions = await atDoor(scene, () => endSessionsOf(scene.db, staffAccounts, member.id, scene.now))
    await scene.record('staff.sessions_ended', { subjectId: member.id, facts: { sessions } })
    return redirect(
      `/settings/staff/${member.id}`,
      scene.t('staff.member.sessions_ended', { name: member.name, sessions }),
    )
  })

  routes.staff('POST', '/settings/staff/:id/reset', { ...administrator, params: ids }, async (scene, { params }) => {
    const member = (await findStaff(scene.db, params.id)) ?? notFound()
    if (member.state === 'left') notAllowed()
    await sendLink(scene, keys, { ...member, kind: member.state === 'invited' ? 'invitation' : 'reset' })
    await scene.record('staff.reset_sent', { subjectId: member.id })
    return redirect(`/settings/staff/${member.id}`, scene.t('staff.member.link_sent', { name: member.name }))
  })

  routes.staff('POST', '/settings/staff/:id/leave', { ...administrator, params: ids }, async (scene, { params }) => {
    const member = (await findStaff(scene.db, params.id)) ?? notFound()
    if (member.id === scene.actor.id)
      return memberPage(scene, {
        member,
        body: bodyOf(member),
        list: [{ field: 'leave', key: 'staff.member.not_yourself' }],
      })
    await atDoor(scene, async () => {
      await endSessionsOf(scene.db, staffAccounts, member.id, scene.now)
      await removePasskeysOf(scene.db, staffAccounts, member.id)
    })
    await markLeft(scene.db, member.id, scene.now)
    await scene.record('staff.left', { subjectId: member.id })
    return redirect('/settings/staff', scene.t('staff.member.left', { name: member.name }))
  })

  routes.staff('POST', '/settings/staff/:id/reopen', { ...administrator, params: ids }, async (scene, { params }) => {
    const member = (await findStaff(scene.db, params.id)) ?? notFound()
    if (member.state !== 'left') return redirect(`/settings/staff/${member.id}`)
    await reopenStaff(scene.db, member.id)
    await sendLink(scene, keys, { ...member, kind: 'invitation' })
    await scene.record('staff.reopened', { subjectId: member.id, facts: { roles: member.roles } })
    return redirect(`/settings/staff/${member.id}`, scene.t('staff.member.reopened', { name: member.name }))
  })
}

/** Mails a link to set a password. */
async function sendLink(
  scene: Scene,
  keys: Keys,
  { id, email, locale, kind }: Pick<StaffMember, 'id' | 'email' | 'locale'> & { kind: 'invitation' | 'reset' },
): Promise<void> {
  const making = { networkId: scene.network.id, accountId: id, kind, now: scene.now }
  const link = await atDoor(scene, () => makePasswordLink(scene.db, staffAccounts, keys, making))
  await scene.mail({ kind: letterOf(staffAccounts, kind), to: email, locale, ids: { linkId: link.id } })
}

async function memberPage(
  scene: Scene,
  at: { member: StaffMember | null; body: FormBody; list: readonly FieldProblem[] },
) {
  const { member, body, list } = at
  const sites = await sitesOf(scene.db)
  const chosen = (name: string) => new Set(textsOf(body, name))
  const [roles, places, managed] = [chosen('roles'), chosen('sites'), chosen('managed')]
  const model = {
    title: member ? scene.t('staff.member.title') : scene.t('staff.member.invite_title'),
    member,
    state: member && scene.t(`staff.state.${member.state}`),
    values: { name: textOf(body, 'name'), email: textOf(body, 'email') },
    languages: languageBoxes(scene, textsOf(body, 'languages')),
    roles: staffRoles.map((role) => ({
      value: role,
      text: scene.t(`staff.role.${role}`),
      hint: { text: scene.t(`staff.role.${role}_hint`) },
      checked: roles.has(role),
    })),
    sites: sites.map((site) => ({
      value: site.id,
      name: site.name,
      isPlace: places.has(site.id),
      isManaged: managed.has(site.id),
    })),
    problems: scene.problems(list),
  }
  return page('staff/pages/member.njk', model, { status: list.length > 0 ? 400 : 200 })
}

function bodyOf(member: StaffMember): FormBody {
  const { name, roles, languages, siteIds, managedSiteIds } = member
  return { name, roles, languages, sites: siteIds, managed: managedSiteIds }
}

/** The ticked sites that really are the network's. */
async function placesIn(scene: Scene, body: FormBody): Promise<{ siteIds: SiteId[]; managedSiteIds: SiteId[] }> {
  const known = new Set<string>((await sitesOf(scene.db)).map((site) => site.id))
  const ticked = (name: string) =>
    textsOf(body, name)
      .flatMap((text) => parseId<'site'>(text) ?? [])
      .filter((id) => known.has(id))
  return { siteIds: ticked('sites'), managedSiteIds: ticked('managed') }
}
