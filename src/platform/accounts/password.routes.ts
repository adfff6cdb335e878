// Forgotten passwords, and setting one from a link.

import { z } from 'zod'
import {
  page,
  readForm,
  redirect,
  requiredText,
  textOf,
  type FieldProblem,
  type FormBody,
  type OtherActor,
  type Routes,
  type Scene,
} from '../http/index.ts'
import { signInAddress } from '../http/entrance.ts'
import type { Keys } from '../secrets.ts'
import { hasAccount, longestPassword, normalEmail, shortestPassword, type AccountKind } from './account.ts'
import { letterOf } from './account.mails.ts'
import { endSessionsOf, findPasswordLink, setPassword, usePasswordLinks } from './accounts.store.ts'
import { hasTriedTooOften, noteFailedTry, subjectsOf } from './attempts.store.ts'
import { hashPassword } from './password.hash.ts'
import { makePasswordLink } from './password.link.ts'

type Door = Scene<OtherActor>

const forgottenForm = z.object({ email: requiredText('platform.accounts.email_missing', 320) })

const passwordForm = z.object({
  password: z
    .string({ error: 'platform.accounts.password_none' })
    .min(shortestPassword, `platform.accounts.password_too_short|{"min":${shortestPassword}}`)
    .max(longestPassword, `platform.accounts.password_too_long|{"max":${longestPassword}}`),
})

export function passwordRoutes(routes: Routes, accounts: AccountKind, { keys }: { keys: Keys }): void {
  const { prefix } = accounts.entrance
  for (const path of [`${prefix}/forgotten-password`, `/n/:slug${prefix}/forgotten-password`]) {
    routes.open('GET', path, {}, async (scene) => forgottenPage(scene, accounts, {}, []))
    routes.open('POST', path, {}, async (scene, { body, request }) => {
      const form = readForm(forgottenForm, body)
      if (!form.ok) return forgottenPage(scene, accounts, body, form.problem)
      await offerReset(scene, accounts, keys, { email: normalEmail(form.value.email), address: request.ip })
      return page('platform/accounts/pages/message.njk', {
        title: scene.t('platform.accounts.forgotten_sent_title'),
        message: scene.t('platform.accounts.forgotten_sent_text'),
      })
    })
  }

  const link = {
    find: async (db: Door['db'], { secretHash }: { secretHash: Buffer }, now: Date) => {
      const found = await findPasswordLink(db, accounts, { secretHash, now })
      return found && hasAccount(await accounts.find(db, found.accountId)) ? found : null
    },
    become: (_bearer: unknown, token: { networkId: string }) => ({ role: 'door', networkId: token.networkId }) as const,
    missing: deadLinkPage,
  }
  routes.link('GET', `${prefix}/set-password/:token`, link, async (scene) => passwordPage(scene, []))
  routes.link('POST', `${prefix}/set-password/:token`, link, async (scene, { body, bearer }) => {
    const form = readForm(passwordForm, body)
    if (!form.ok) return passwordPage(scene, form.problem)
    const { accountId } = bearer
    // Of two who open one link at once, the second finds it used up.
    if ((await usePasswordLinks(scene.db, accounts, accountId, scene.now)) === 0) return deadLinkPage(scene)
    const hash = await hashPassword(form.value.password)
    await setPassword(scene.db, accounts, { networkId: scene.network.id, accountId, hash, now: scene.now })
    // Whoever else may have come in with the old password is out.
    await endSessionsOf(scene.db, accounts, accountId, scene.now)
    await scene.record(`${accounts.name}.password_set`, { subjectId: accountId })
    return redirect(signInAddress(accounts.entrance, scene.network), scene.t('platform.accounts.password_done'))
  })
}

/** Says the same whether there is such an account or not. */
async function offerReset(
  scene: Door,
  accounts: AccountKind,
  keys: Keys,
  { email, address }: { email: string; address: string },
): Promise<void> {
  const subjects = subjectsOf(keys, { what: `${accounts.name} reset`, email, address })
  if (await hasTriedTooOften(scene.db, subjects, scene.now)) return
  await noteFailedTry(scene.db, scene.network.id, subjects, scene.now)
  const account = await accounts.findByEmail(scene.db, email)
  if (account?.state !== 'active') return
  const making = { networkId: scene.network.id, accountId: account.id, kind: 'reset', now: scene.now } as const
  const link = await makePasswordLink(scene.db, accounts, keys, making)
  await scene.record(`${accounts.name}.reset_asked`, { subjectId: account.id })
  await scene.mail({ kind: letterOf(accounts, 'reset'), to: email, locale: account.locale, ids: { linkId: link.id } })
}

function forgottenPage(scene: Door, accounts: AccountKind, body: FormBody, list: readonly FieldProblem[]) {
  const model = {
    title: scene.t('platform.accounts.forgotten_title'),
    signIn: signInAddress(accounts.entrance, scene.network),
    email: textOf(body, 'email'),
    problems: scene.problems(list),
  }
  return page('platform/accounts/pages/forgotten.njk', model, { status: list.length > 0 ? 400 : 200 })
}

function passwordPage(scene: Door, list: readonly FieldProblem[]) {
  const title = scene.t('platform.accounts.password_title')
  const model = { title, min: shortestPassword, problems: scene.problems(list) }
  return page('platform/accounts/pages/set-password.njk', model, { status: list.length > 0 ? 400 : 200 })
}

function deadLinkPage(scene: Door) {
  const title = scene.t('platform.accounts.dead_title')
  return page(
    'platform/accounts/pages/message.njk',
    { title, message: scene.t('platform.accounts.dead_text') },
    { status: 404 },
  )
}
