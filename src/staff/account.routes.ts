// One's own account: languages, password, passkeys, signing out.

import { z } from 'zod'
import {
  accountRoutes as sharedRoutes,
  elsewherePanel,
  passkeysPanel,
  type AccountTools,
  type SignedInRoute,
} from '#platform/accounts/index.ts'
import {
  notFound,
  oneOf,
  page,
  readForm,
  redirect,
  textOf,
  textsOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
  type StaffActor,
} from '#platform/http/index.ts'
import { localeChoices } from '#platform/i18n/index.ts'
import { languageBoxes, spokenLanguages } from './languages.form.ts'
import { staffAccounts } from './staff.accounts.ts'
import { changeStaff, findStaff } from './staff.store.ts'

// messages: staff.role.*

export function accountRoutes(routes: Routes, tools: AccountTools & { readonly locales: readonly string[] }): void {
  const route: SignedInRoute<StaffActor> = (method, path, options, handler) =>
    routes.staff(method, path, options, handler)

  routes.staff('GET', '/account', {}, (scene) => accountPage(scene, { body: null, list: [] }))

  const accountForm = z.object({
    locale: oneOf(tools.locales as [string, ...string[]], 'platform.form.unusable'),
    languages: spokenLanguages,
  })
  routes.staff('POST', '/account', {}, async (scene, { body }) => {
    const form = readForm(accountForm, body)
    if (!form.ok) return accountPage(scene, { body, list: form.problem })
    await changeStaff(scene.db, scene.actor.id, form.value)
    return redirect('/account', scene.t('staff.account.done'))
  })

  sharedRoutes(route, staffAccounts, {
    ...tools,
    accountPage: (scene, at) => accountPage(scene, { ...at, body: null }),
  })

  async function accountPage(
    scene: Scene,
    { body, list }: { body: FormBody | null; list: readonly FieldProblem[] },
  ): Promise<Answer> {
    const member = (await findStaff(scene.db, scene.actor.id)) ?? notFound()
    const problems = scene.problems(list)
    const locale = (body && textOf(body, 'locale')) || scene.locale
    const model = {
      title: scene.t('staff.account.title'),
      member,
      roles: member.roles.map((role) => scene.t(`staff.role.${role}`)),
      forgotten: `/n/${scene.network.slug}/forgotten-password`,
      locales: localeChoices(scene, tools.locales, locale),
      languages: languageBoxes(scene, body ? textsOf(body, 'languages') : member.languages),
      passkeys: await passkeysPanel(scene, staffAccounts, { ...tools, problems }),
      elsewhere: elsewherePanel(staffAccounts),
      problems,
    }
    return page('staff/pages/account.njk', model, { status: list.length > 0 ? 400 : 200 })
  }
}
