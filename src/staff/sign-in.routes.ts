// Signing in and out, and setting a password from a link.

import { createHmac } from 'node:crypto'
import { z } from 'zod'
import {
  page,
  readForm,
  redirect,
  requiredText,
  staffEntrance,
  textOf,
  type FieldProblem,
  type FormBody,
  type OtherActor,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import type { Keys } from '#platform/secrets.ts'
import { hashSecret, newSecret } from '#platform/secrets.ts'
import { attemptLimits, normalEmail, sessionHours } from './member.ts'
import { makePasswordLink } from './invitation.link.ts'
import { resetMail } from './staff.mails.ts'
import { hashPassword, isRightPassword, longestPassword, shortestPassword } from './password.hash.ts'
import {
  endSession,
  endSessionsOf,
  findPasswordLink,
  hasTriedTooOften,
  insertSession,
  noteFailedTry,
  passwordHashOf,
  setPassword,
  usePasswordLinks,
  type AttemptSubjects,
} from './sign-in.store.ts'
import { findStaffByEmail } from './staff.store.ts'

const signInForm = z.object({
  email: requiredText('staff.sign_in.email_missing', 320),
  // Not trimmed: a password may begin with a space.
  password: z
    .string({ error: 'staff.sign_in.password_missing' })
    .min(1, 'staff.sign_in.password_missing')
    .max(longestPassword, 'staff.sign_in.wrong'),
})

const passwordForm = z.object({
  password: z
    .string({ error: 'staff.password.missing' })
    .min(shortestPassword, `staff.password.too_short|{"min":${shortestPassword}}`)
    .max(longestPassword, `staff.password.too_long|{"max":${longestPassword}}`),
})

export function signInRoutes(routes: Routes, { keys }: { keys: Keys }): void {
  for (const path of ['/sign-in', '/n/:slug/sign-in']) {
    routes.open('GET', path, {}, async (scene) => signInPage(scene, {}, []))
    routes.open('POST', path, {}, async (scene, { body, request }) => {
      const form = readForm(signInForm, body)
      if (!form.ok) return signInPage(scene, body, form.problem)
      const email = normalEmail(form.value.email)
      const subjects = subjectsOf(keys, email, request.ip)
      if (await hasTriedTooOften(scene.db, subjects, scene.now)) {
        return signInPage(
          scene,
          body,
          [{ field: 'email', key: 'staff.sign_in.too_often', values: { minutes: attemptLimits.windowMinutes } }],
          429,
        )
      }
      const member = await findStaffByEmail(scene.db, email)
      const hash = member?.state === 'active' ? await passwordHashOf(scene.db, member.id) : null
      const isRight = await isRightPassword(form.value.password, hash)
      if (!member || !isRight) {
        await noteFailedTry(scene.db, scene.network.id, subjects, scene.now)
        return signInPage(scene, body, [{ field: 'email', key: 'staff.sign_in.wrong' }])
      }
      const secret = newSecret()
      await insertSession(scene.db, {
        networkId: scene.network.id,
        staffId: member.id,
        secretHash: hashSecret(secret),
        now: scene.now,
      })
      await scene.record('staff.signed_in', { subjectId: member.id })
      return redirect(safeReturn(request.cookies[staffEntrance.returnCookie]), undefined, {
        cookies: [
          {
            name: staffEntrance.sessionCookie,
            value: `${scene.network.id}.${secret}`,
            path: '/',
            maxAgeSeconds: sessionHours * 3600,
          },
          { name: staffEntrance.returnCookie, value: null, path: '/' },
        ],
      })
    })
  }

  for (const path of ['/forgotten-password', '/n/:slug/forgotten-password']) {
    routes.open('GET', path, {}, async (scene) => forgottenPage(scene, {}, []))
    routes.open('POST', path, {}, async (scene, { body, request }) => {
      const form = readForm(signInForm.pick({ email: true }), body)
      if (!form.ok) return forgottenPage(scene, body, form.problem)
      await offerReset(scene, keys, { email: normalEmail(form.value.email), address: request.ip })
      return page('staff/pages/message.njk', {
        title: scene.t('staff.forgotten.sent_title'),
        message: scene.t('staff.forgotten.sent_text'),
      })
    })
  }

  const link = {
    find: findPasswordLink,
    become: (_bearer: unknown, token: { networkId: string }) => ({ role: 'door', networkId: token.networkId }) as const,
    missing: (scene: Scene<OtherActor>) =>
      page(
        'staff/pages/message.njk',
        { title: scene.t('staff.password.dead_title'), message: scene.t('staff.password.dead_text') },
        { status: 404 },
      ),
  }
  routes.link('GET', '/set-password/:token', link, async (scene) => passwordPage(scene, []))
  routes.link('POST', '/set-password/:token', link, async (scene, { body, bearer }) => {
    const form = readForm(passwordForm, body)
    if (!form.ok) return passwordPage(scene, form.problem)
    const hash = await hashPassword(form.value.password)
    await setPassword(scene.db, { networkId: scene.network.id, staffId: bearer.staffId, hash, now: scene.now })
    await usePasswordLinks(scene.db, bearer.staffId, scene.now)
    // Whoever else may have come in with the old password is out.
    await endSessionsOf(scene.db, bearer.staffId, scene.now)
    await scene.record('staff.password_set', { subjectId: bearer.staffId })
    return redirect(`/n/${scene.network.slug}/sign-in`, scene.t('staff.password.done'))
  })

  routes.staff('POST', '/sign-out', {}, async (scene) => {
    await endSession(scene.db, scene.actor.sessionId, scene.now)
    await scene.record('staff.signed_out')
    return redirect(`/n/${scene.network.slug}/sign-in`, scene.t('staff.sign_in.out'), {
      cookies: [{ name: staffEntrance.sessionCookie, value: null, path: '/' }],
    })
  })

  /** Where a person's day begins. */
  routes.staff('GET', '/home', {}, async ({ actor }) => {
    if (actor.roles.includes('adviser') || actor.roles.includes('manager')) return redirect('/today')
    return redirect(actor.roles.includes('administrator') ? '/settings' : '/insights')
  })
}

/** Says the same whether there is such an account or not. */
async function offerReset(
  scene: Scene<OtherActor>,
  keys: Keys,
  { email, address }: { email: string; address: string },
): Promise<void> {
  const subjects = subjectsOf(keys, `reset ${email}`, `reset ${address}`)
  if (await hasTriedTooOften(scene.db, subjects, scene.now)) return
  await noteFailedTry(scene.db, scene.network.id, subjects, scene.now)
  const member = await findStaffByEmail(scene.db, email)
  if (member?.state !== 'active') return
  const link = await makePasswordLink(scene.db, keys, {
    networkId: scene.network.id,
    staffId: member.id,
    kind: 'reset',
    now: scene.now,
  })
  await scene.record('staff.reset_asked', { subjectId: member.id })
  await scene.mail({ kind: resetMail, to: member.email, locale: member.locale, ids: { linkId: link.id } })
}

/** Tries are counted by account and by where they come from, both as keyed hashes. */
function subjectsOf(keys: Keys, email: string, address: string): AttemptSubjects {
  const keyed = (text: string) => createHmac('sha256', keys.of(keys.currentId)).update(text).digest()
  return { account: keyed(`account ${email}`), address: keyed(`address ${address}`) }
}

/** Only a path of our own: nobody is sent elsewhere after signing in. */
function safeReturn(path: string | undefined): string {
  return path && /^\/(?![/\\])[\w\-./?=&%]*$/.test(path) ? path : '/home'
}

function signInPage(
  scene: Scene<OtherActor>,
  body: FormBody,
  list: readonly FieldProblem[],
  status = list.length > 0 ? 400 : 200,
) {
  const forgotten = `/n/${scene.network.slug}/forgotten-password`
  return page(
    'staff/pages/sign-in.njk',
    { title: scene.t('staff.sign_in.title'), email: textOf(body, 'email'), forgotten, problems: scene.problems(list) },
    { status },
  )
}

function forgottenPage(scene: Scene<OtherActor>, body: FormBody, list: readonly FieldProblem[]) {
  const model = {
    title: scene.t('staff.forgotten.title'),
    signIn: `/n/${scene.network.slug}/sign-in`,
    email: textOf(body, 'email'),
    problems: scene.problems(list),
  }
  return page('staff/pages/forgotten.njk', model, { status: list.length > 0 ? 400 : 200 })
}

function passwordPage(scene: Scene<OtherActor>, list: readonly FieldProblem[]) {
  const model = { title: scene.t('staff.password.title'), min: shortestPassword, problems: scene.problems(list) }
  return page('staff/pages/set-password.njk', model, { status: list.length > 0 ? 400 : 200 })
}
