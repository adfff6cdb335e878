// Signing in by password or passkey, and out again: alike for every kind of account.

import { z } from 'zod'
import {
  file,
  page,
  readForm,
  redirect,
  requiredText,
  textOf,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Input,
  type OtherActor,
  type Routes,
  type Scene,
} from '../http/index.ts'
import { signInAddress } from '../http/entrance.ts'
import { hashSecret, newSecret, type Keys } from '../secrets.ts'
import { attemptLimits, longestPassword, normalEmail, sessionHours, type AccountKind } from './account.ts'
import { insertSession, passwordHashOf } from './accounts.store.ts'
import { hasTriedTooOften, noteFailedTry, subjectsOf, type AttemptSubjects } from './attempts.store.ts'
import { checkUse, newChallenge, readChallenge, readUse, useOptions, type PasskeySite } from './passkey.ceremony.ts'
import { holdPasskey, noteUse, takeChallenge } from './passkeys.store.ts'
import { isRightPassword } from './password.hash.ts'

/** What the pages about accounts stand on, besides the kind of account. */
export interface AccountTools {
  readonly keys: Keys
  /** Null where browsers offer no passkeys. */
  readonly site: PasskeySite | null
}

type Door = Scene<OtherActor>

const signInForm = z.object({
  email: requiredText('platform.accounts.email_missing', 320),
  // Not trimmed: a password may begin with a space.
  password: z
    .string({ error: 'platform.accounts.password_missing' })
    .min(1, 'platform.accounts.password_missing')
    .max(longestPassword, 'platform.accounts.wrong'),
})

const passkeyForm = z.object({ challenge: z.string().max(100), answer: z.string().max(200_000) })

// messages: platform.accounts.sign_in_*

export function signInRoutes(routes: Routes, accounts: AccountKind, tools: AccountTools): void {
  const { prefix } = accounts.entrance
  for (const path of [`${prefix}/sign-in`, `/n/:slug${prefix}/sign-in`]) {
    routes.open('GET', path, {}, async (scene) => signInPage(scene, accounts, tools, { body: {}, list: [] }))
    routes.open('POST', path, {}, (scene, input) => signInByPassword(scene, accounts, tools, input))
    const { site } = tools
    if (!site) continue
    routes.open('GET', `${path}/passkey`, {}, async (scene) => {
      const challenge = newChallenge(tools.keys, purposeOf(accounts), scene.now)
      const options = await useOptions(site, challenge)
      return file('passkey.json', 'application/json', JSON.stringify({ challenge: challenge.id, options }))
    })
    routes.open('POST', `${path}/passkey`, {}, (scene, input) =>
      signInByPasskey(scene, accounts, { ...tools, site }, input),
    )
  }
}

async function signInByPassword(
  scene: Door,
  accounts: AccountKind,
  tools: AccountTools,
  { body, request }: Input<object, object>,
): Promise<Answer> {
  const form = readForm(signInForm, body)
  if (!form.ok) return signInPage(scene, accounts, tools, { body, list: form.problem })
  const email = normalEmail(form.value.email)
  const subjects = subjectsOf(tools.keys, { what: accounts.name, email, address: request.ip })
  if (await hasTriedTooOften(scene.db, subjects, scene.now)) return tooOften(scene, accounts, tools, body)
  const account = await accounts.findByEmail(scene.db, email)
  const hash = account?.state === 'active' ? await passwordHashOf(scene.db, accounts, account.id) : null
  const isRight = await isRightPassword(form.value.password, hash)
  if (!account || !isRight) {
    return refused(scene, accounts, tools, {
      subjects,
      body,
      problem: { field: 'email', key: 'platform.accounts.wrong' },
    })
  }
  return letIn(scene, accounts, { accountId: account.id, by: 'password', input: { body, request } })
}

async function signInByPasskey(
  scene: Door,
  accounts: AccountKind,
  tools: AccountTools & { readonly site: PasskeySite },
  { body, request }: Input<object, object>,
): Promise<Answer> {
  // Nobody says whose passkey it is before it is checked: tries count by where they come from.
  const subjects = subjectsOf(tools.keys, { what: `${accounts.name} passkey`, email: null, address: request.ip })
  if (await hasTriedTooOften(scene.db, subjects, scene.now)) return tooOften(scene, accounts, tools, body)
  const owner = await ownerOfAnswer(scene, accounts, tools, body)
  if (owner === null) {
    const problem = { field: 'use-passkey', key: 'platform.accounts.passkey_wrong' }
    return refused(scene, accounts, tools, { subjects, body, problem })
  }
  return letIn(scene, accounts, { accountId: owner, by: 'passkey', input: { body, request } })
}

/** Whose passkey answered; null when the answer is not right, late, given before, or nobody's who may come in. */
async function ownerOfAnswer(
  scene: Door,
  accounts: AccountKind,
  { keys, site }: { keys: Keys; site: PasskeySite },
  body: FormBody,
): Promise<string | null> {
  const form = passkeyForm.safeParse(body)
  const answer = form.success ? readUse(form.data.answer) : null
  if (!form.success || !answer) return null
  const challenge = readChallenge(keys, purposeOf(accounts), { id: form.data.challenge, now: scene.now })
  if (!challenge || !(await takeChallenge(scene.db, scene.network.id, challenge, scene.now))) return null
  const passkey = await holdPasskey(scene.db, accounts, answer.id)
  const account = passkey && (await accounts.find(scene.db, passkey.accountId))
  if (!passkey || account?.state !== 'active') return null
  const checked = await checkUse(site, challenge, { answer, passkey, ownerId: account.id })
  if (!checked.ok) return null
  await noteUse(scene.db, accounts, { id: passkey.id, counter: checked.value, now: scene.now })
  return account.id
}

async function letIn(
  scene: Door,
  accounts: AccountKind,
  at: { accountId: string; by: 'password' | 'passkey'; input: Pick<Input<object, object>, 'body' | 'request'> },
): Promise<Answer> {
  const secret = newSecret()
  const { sessionCookie, returnCookie, home } = accounts.entrance
  await insertSession(scene.db, accounts, {
    networkId: scene.network.id,
    accountId: at.accountId,
    secretHash: hashSecret(secret),
    now: scene.now,
  })
  await scene.record(`${accounts.name}.signed_in`, { subjectId: at.accountId, facts: { by: at.by } })
  const session = { name: sessionCookie, value: `${scene.network.id}.${secret}`, path: '/' }
  return redirect(safeReturn(at.input.request.cookies[returnCookie]) ?? home, undefined, {
    cookies: [
      { ...session, maxAgeSeconds: sessionHours * 3600 },
      { name: returnCookie, value: null, path: '/' },
    ],
  })
}

async function refused(
  scene: Door,
  accounts: AccountKind,
  tools: AccountTools,
  at: { subjects: AttemptSubjects; body: FormBody; problem: FieldProblem },
): Promise<Answer> {
  await noteFailedTry(scene.db, scene.network.id, at.subjects, scene.now)
  return signInPage(scene, accounts, tools, { body: at.body, list: [at.problem] })
}

function tooOften(scene: Door, accounts: AccountKind, tools: AccountTools, body: FormBody): Answer {
  const { windowMinutes: minutes } = attemptLimits
  const problem = { field: 'email', key: 'platform.accounts.too_often', values: { minutes } }
  return signInPage(scene, accounts, tools, { body, list: [problem], status: 429 })
}

function signInPage(
  scene: Door,
  accounts: AccountKind,
  { site }: AccountTools,
  { body, list, status }: { body: FormBody; list: readonly FieldProblem[]; status?: number },
): Answer {
  const here = signInAddress(accounts.entrance, scene.network)
  const model = {
    title: scene.t(`platform.accounts.sign_in_${accounts.name}`),
    signIn: here,
    passkeys: site && `${here}/passkey`,
    email: textOf(body, 'email'),
    forgotten: `/n/${scene.network.slug}${accounts.entrance.prefix}/forgotten-password`,
    problems: scene.problems(list),
  }
  return page('platform/accounts/pages/sign-in.njk', model, { status: status ?? (list.length > 0 ? 400 : 200) })
}

/** Only a path of our own: nobody is sent elsewhere after signing in. */
function safeReturn(path: string | undefined): string | null {
  return path && /^\/(?![/\\])[\w\-./?=&%]*$/.test(path) ? path : null
}

function purposeOf({ name }: AccountKind): string {
  return `${name} sign-in`
}
