// What people do with their own account, whatever its kind: passkeys, signing out here and everywhere.

import { z } from 'zod'
import {
  file,
  idOf,
  notFound,
  readForm,
  redirect,
  requiredText,
  type Answer,
  type FieldProblem,
  type FormBody,
  type Input,
  type Scene,
} from '../http/index.ts'
import { signInAddress, type SignedIn } from '../http/entrance.ts'
import type { Method, RouteOptions } from '../http/routes.ts'
import type { Keys } from '../secrets.ts'
import { hasAccount, type AccountKind } from './account.ts'
import { letterOf } from './account.mails.ts'
import { endSession, endSessionsOf } from './accounts.store.ts'
import { atDoor } from './at-door.ts'
import { additionOptions, checkAddition, newChallenge, readChallenge, type PasskeySite } from './passkey.ceremony.ts'
import { insertPasskey, passkeysOf, removePasskey, renamePasskey, takeChallenge } from './passkeys.store.ts'
import type { AccountTools } from './sign-in.routes.ts'

/** `routes.staff` or `routes.partner`, for whoever is signed in there. */
export type SignedInRoute<Actor> = <P = object, Q = object>(
  method: Method,
  path: string,
  options: RouteOptions<P, Q>,
  handler: (scene: Scene<Actor>, input: Input<P, Q>) => Promise<Answer>,
) => void

export interface AccountPageTools<Actor> extends AccountTools {
  /** The feature's page of one's own account, with the passkeys panel: shown again with what is wrong. */
  accountPage(scene: Scene<Actor>, at: { body: FormBody; list: readonly FieldProblem[] }): Promise<Answer>
}

const name = requiredText('platform.accounts.passkey_name_missing', 60)
const nameForm = z.object({ name })
const additionForm = z.object({ name, challenge: z.string().max(100), answer: z.string().max(200_000) })
const passkeyId = { params: z.object({ id: idOf<'passkey'>() }) }

export function accountRoutes<Actor extends SignedIn>(
  route: SignedInRoute<Actor>,
  accounts: AccountKind,
  tools: AccountPageTools<Actor>,
): void {
  type Own = Scene<Actor>

  const { prefix, sessionCookie } = accounts.entrance
  const { site } = tools

  route('POST', `${prefix}/sign-out`, {}, async (scene) => {
    await atDoor(scene, () => endSession(scene.db, accounts, scene.actor.sessionId, scene.now))
    await scene.record(`${accounts.name}.signed_out`)
    return signedOut(scene)
  })

  route('POST', `${prefix}/account/sign-out-everywhere`, {}, async (scene) => {
    await atDoor(scene, () => endSessionsOf(scene.db, accounts, scene.actor.id, scene.now))
    await scene.record(`${accounts.name}.sessions_ended`, { subjectId: scene.actor.id })
    return signedOut(scene)
  })

  if (site) {
    route('GET', `${prefix}/account/passkeys/new`, {}, async (scene) => {
      const challenge = newChallenge(tools.keys, purposeOf(scene), scene.now)
      const options = await askForPasskey(scene, site, challenge)
      return file('passkey.json', 'application/json', JSON.stringify({ challenge: challenge.id, options }))
    })
    route('POST', `${prefix}/account/passkeys`, {}, (scene, { body }) => addPasskey(scene, { ...tools, site }, body))
  }

  route('POST', `${prefix}/account/passkeys/:id`, passkeyId, async (scene, { params, body }) => {
    const form = readForm(nameForm, body)
    if (!form.ok) return tools.accountPage(scene, { body, list: namedFor(params.id, form.problem) })
    const at = { accountId: scene.actor.id, id: params.id, name: form.value.name }
    if (!(await atDoor(scene, () => renamePasskey(scene.db, accounts, at)))) notFound()
    return back(scene, 'platform.accounts.passkey_renamed')
  })

  route('POST', `${prefix}/account/passkeys/:id/remove`, passkeyId, async (scene, { params }) => {
    const at = { accountId: scene.actor.id, id: params.id }
    if (!(await atDoor(scene, () => removePasskey(scene.db, accounts, at)))) notFound()
    await scene.record(`${accounts.name}.passkey_removed`, { subjectId: scene.actor.id })
    return back(scene, 'platform.accounts.passkey_removed')
  })

  function signedOut(scene: Own): Answer {
    return redirect(signInAddress(accounts.entrance, scene.network), scene.t('platform.accounts.signed_out'), {
      cookies: [{ name: sessionCookie, value: null, path: '/' }],
    })
  }

  function back(scene: Own, key: string): Answer {
    return redirect(`${prefix}/account`, scene.t(key))
  }

  async function askForPasskey(scene: Own, at: PasskeySite, challenge: ReturnType<typeof newChallenge>) {
    const { id, name: ownName } = scene.actor
    const [account, known] = await atDoor(scene, async () => [
      await accounts.find(scene.db, id),
      await passkeysOf(scene.db, accounts, id),
    ])
    if (!hasAccount(account)) notFound()
    return additionOptions(at, challenge, {
      id,
      email: account.email,
      name: ownName,
      networkName: scene.network.name,
      known,
    })
  }

  async function addPasskey(scene: Own, at: { keys: Keys; site: PasskeySite }, body: FormBody): Promise<Answer> {
    const notRight = { field: 'name', key: 'platform.accounts.passkey_refused' }
    const refuse = (list: readonly FieldProblem[]) => tools.accountPage(scene, { body, list })
    const form = readForm(additionForm, body)
    if (!form.ok) return refuse(form.problem)
    const challenge = readChallenge(at.keys, purposeOf(scene), { id: form.value.challenge, now: scene.now })
    const isFirst =
      challenge && (await atDoor(scene, () => takeChallenge(scene.db, scene.network.id, challenge, scene.now)))
    const checked = isFirst ? await checkAddition(at.site, challenge, form.value.answer) : null
    if (!checked?.ok) return refuse([notRight])
    const { id: accountId } = scene.actor
    const adding = { networkId: scene.network.id, accountId, name: form.value.name, now: scene.now }
    const account = await atDoor(scene, async () => {
      const isNew = await insertPasskey(scene.db, accounts, { ...adding, passkey: checked.value })
      return isNew ? accounts.find(scene.db, accountId) : null
    })
    if (!hasAccount(account)) return refuse([notRight])
    await scene.record(`${accounts.name}.passkey_added`, { subjectId: accountId })
    await scene.mail({ kind: letterOf(accounts, 'passkey_added'), to: account.email, locale: account.locale, ids: {} })
    return back(scene, 'platform.accounts.passkey_added')
  }

  function purposeOf(scene: Own): string {
    return `${accounts.name} new ${scene.actor.id}`
  }
}

/** Each passkey of the list has a field for its name. */
function namedFor(id: string, list: readonly FieldProblem[]): FieldProblem[] {
  return list.map((problem) => ({ ...problem, field: `name-${id}` }))
}
