// A partner's own account: language, password, passkeys, signing out.

import { z } from 'zod'
import { organizationNames } from '#directory/index.ts'
import {
  accountRoutes as sharedRoutes,
  elsewherePanel,
  passkeysPanel,
  type AccountTools,
  type SignedInRoute,
} from '#platform/accounts/index.ts'
import {
  notFound,
  page,
  readForm,
  redirect,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type PartnerActor,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { isLanguage, languageChoices } from '#platform/languages.ts'
import { changeContact, findContact } from './contacts.store.ts'
import { partnerAccounts } from './partners.accounts.ts'

type Own = Scene<PartnerActor>

const accountForm = z.object({
  locale: z.string({ error: 'partners.contact.locale_missing' }).refine(isLanguage, 'partners.contact.locale_missing'),
})

export function accountRoutes(routes: Routes, tools: AccountTools): void {
  const route: SignedInRoute<PartnerActor> = (method, path, options, handler) =>
    routes.partner(method, path, options, handler)

  routes.partner('GET', '/partner/account', {}, (scene) => accountPage(scene, { body: null, list: [] }))

  routes.partner('POST', '/partner/account', {}, async (scene, { body }) => {
    const form = readForm(accountForm, body)
    if (!form.ok) return accountPage(scene, { body, list: form.problem })
    await changeContact(scene.db, scene.actor.id, form.value)
    return redirect('/partner/account', scene.t('partners.account.done'))
  })

  sharedRoutes(route, partnerAccounts, {
    ...tools,
    accountPage: (scene, { list }) => accountPage(scene, { body: null, list }),
  })

  async function accountPage(
    scene: Own,
    { body, list }: { body: FormBody | null; list: readonly FieldProblem[] },
  ): Promise<Answer> {
    const contact = (await findContact(scene.db, scene.actor.id)) ?? notFound()
    const names = await organizationNames(scene.db, [contact.organizationId])
    const problems = scene.problems(list)
    const locale = body ? textOf(body, 'locale') : contact.locale
    const model = {
      title: scene.t('partners.account.title'),
      contact,
      organizationName: names.get(contact.organizationId) ?? '',
      forgotten: `/n/${scene.network.slug}/partner/forgotten-password`,
      locales: languageChoices(scene.locale, [contact.locale]).map(({ tag, name }) => ({
        value: tag,
        text: scene.words.formatted(name),
        selected: tag === locale,
      })),
      passkeys: await passkeysPanel(scene, partnerAccounts, { ...tools, problems }),
      elsewhere: elsewherePanel(partnerAccounts),
      problems,
    }
    return page('partners/pages/account.njk', model, { status: list.length > 0 ? 400 : 200 })
  }
}
