// "Told her about X": noted from the client's page, from a service's or from a partner's, and answered later in one click.

import { z } from 'zod'
import { fullName, idsOfFile, inFile, recentClients, searchClients, type Client } from '#clients/index.ts'
import { findService, organizationNames } from '#directory/index.ts'
import {
  idOf,
  notFound,
  page,
  readForm,
  redirect,
  textOf,
  type Answer,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { parseId, type Id } from '#platform/ids.ts'
import { informalOutcomes, mayUndo, type ToldThing } from './informal.ts'
import { findInformal, informalOfClient, insertInformal, saveInformalOutcome, undoInformal } from './informal.store.ts'
import { whichPage, whomPage } from './pages/told.page.ts'
import { clientTold } from './panels/told.panel.ts'
import { restOf, toldForm, wordForm } from './told.form.ts'
import { namedOnly, partnerThing, serviceThing, thingOf, whatIsMeant } from './told.scene.ts'

const roles = ['adviser', 'manager'] as const
const ofClient = { roles, params: z.object({ id: idOf<'client'>() }) }
const ofTold = { roles, params: z.object({ id: idOf<'client'>(), told: idOf<'informal_referral'>() }) }

export function informalRoutes(routes: Routes): void {
  routes.staff('POST', '/clients/:id/told', ofClient, (scene, { params, body }) =>
    inFile(scene, params.id, (client) => noteTyped(scene, client, body)),
  )

  routes.staff('POST', '/clients/:id/told/:told/undo', ofTold, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const told = await findInformal(scene.db, params.told)
      const back = backOf(body, client)
      // Twice pressed: it is gone, which is what was wanted.
      if (!told) return redirect(back, scene.t('referrals.informal.undone'))
      if (!mayUndo(told, scene.actor.id, scene.now)) return redirect(back, scene.t('referrals.informal.too_late'))
      await undoInformal(scene.db, told.id, scene.now)
      await scene.record('referrals.told_undone', { clientId: client.id, subjectId: told.id })
      return redirect(back, scene.t('referrals.informal.undone'))
    }),
  )

  routes.staff('POST', '/clients/:id/told/:told/outcome', ofTold, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const told = (await findInformal(scene.db, params.told)) ?? notFound()
      const outcome = informalOutcomes.find((each) => each === textOf(body, 'outcome')) ?? notFound()
      const saved = await saveInformalOutcome(scene.db, told.id, { outcome, by: scene.actor.id, now: scene.now })
      if (saved)
        await scene.record('referrals.told_answered', { clientId: client.id, subjectId: told.id, facts: { outcome } })
      return redirect(backOf(body, client), scene.t(saved ? 'referrals.informal.answered' : 'referrals.informal.known'))
    }),
  )

  toldAbout<'service'>(routes, '/services', async (scene, id) => {
    const service = await findService(scene.db, id)
    return service && serviceThing(service)
  })
  toldAbout<'organization'>(routes, '/partners', async (scene, id) => {
    const name = (await organizationNames(scene.db, [id])).get(id)
    return name === undefined ? null : partnerThing({ id, name })
  })
}

/** From the page of what they were told about: the client is chosen. */
function toldAbout<Kind extends 'service' | 'organization'>(
  routes: Routes,
  room: '/services' | '/partners',
  find: (scene: Scene, id: Id<Kind>) => Promise<ToldThing | null>,
): void {
  const options = { roles, params: z.object({ id: idOf<Kind>() }) }
  routes.staff('GET', `${room}/:id/told`, options, async (scene, { params }) => {
    const thing = (await find(scene, params.id)) ?? notFound()
    return choose(scene, { thing, back: `${room}/${params.id}`, body: {} })
  })

  routes.staff('POST', `${room}/:id/told`, options, async (scene, { params, body }) => {
    const thing = (await find(scene, params.id)) ?? notFound()
    const back = `${room}/${params.id}`
    const clientId = parseId<'client'>(textOf(body, 'client'))
    const form = readForm(wordForm, body)
    if (!clientId || !form.ok)
      return choose(scene, { thing, back, body, ...(form.ok ? {} : { problems: form.problem }) })
    return inFile(scene, clientId, async (client) => {
      await note(scene, client, { ...thing, ...restOf(scene, body, form.value) })
      return redirect(back, scene.t('referrals.informal.noted'))
    })
  })
}

async function choose(
  scene: Scene,
  asked: Pick<Parameters<typeof whomPage>[1], 'thing' | 'back' | 'body' | 'problems'>,
): Promise<Answer> {
  const q = textOf(asked.body, 'q')
  const clients = q === '' ? await recentClients(scene.db, scene.actor.id) : await searchClients(scene.db, q)
  const isTried = 'told' in asked.body && q === ''
  const problems = asked.problems ?? (isTried ? [{ field: 'client', key: 'referrals.informal.client_missing' }] : [])
  const people = clients.map((client) => ({ id: client.id, name: fullName(client), reference: client.reference }))
  const model = whomPage(scene, { ...asked, people, problems })
  return page('referrals/informal/pages/whom.njk', model, { status: problems.length > 0 ? 400 : 200 })
}

/** What was typed is noted at once where it is clear; else the person is asked which of these is meant. */
async function noteTyped(scene: Scene, client: Client, body: FormBody): Promise<Answer> {
  const form = readForm(toldForm, body)
  if (!form.ok) {
    const all = await informalOfClient(scene.db, await idsOfFile(scene.db, client.id))
    const part = await clientTold(scene, client, { all, body, problems: form.problem })
    const model = { title: scene.t('referrals.informal.title'), part, backHref: `/clients/${client.id}` }
    return page(
      'referrals/informal/pages/told.njk',
      { ...model, problems: scene.problems(form.problem) },
      { status: 400 },
    )
  }
  const { name } = form.value
  const meant = await whatIsMeant(scene, name)
  const chosen = 'exact' in meant ? meant.exact : chosenOf(meant.choices, textOf(body, 'choice'), name)
  if (!chosen && 'choices' in meant)
    return page('referrals/informal/pages/which.njk', whichPage(scene, { client, body, choices: meant.choices }))
  await note(scene, client, { ...(chosen ?? namedOnly(name)), ...restOf(scene, body, form.value) })
  return redirect(`/clients/${client.id}`, scene.t('referrals.informal.noted'))
}

function chosenOf(
  choices: readonly (ToldThing & { readonly value: string })[],
  choice: string,
  typed: string,
): ToldThing | null {
  if (choice === 'as_typed') return namedOnly(typed)
  const chosen = choices.find(({ value }) => value === choice)
  return chosen ? thingOf(chosen) : null
}

async function note(scene: Scene, client: Client, told: Parameters<typeof insertInformal>[3]): Promise<void> {
  const by = { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now, today: scene.today }
  await insertInformal(scene.db, by, client, told)
  await scene.record('referrals.told', { clientId: client.id, subjectId: told.id })
}

/** The page that the button stood on; the client's when the form says nothing that is one. */
function backOf(body: FormBody, client: Pick<Client, 'id'>): string {
  const back = textOf(body, 'back')
  return /^\/(?:today|(?:services|partners)\/[0-9a-f-]{36})$/.test(back) ? back : `/clients/${client.id}`
}
