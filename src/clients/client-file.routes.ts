// Changing a file: circumstances, disclosures, who is responsible, closing, reopening, restricting.

import { z } from 'zod'
import { idOf, page, readForm, textOf, type FieldProblem, type Routes, type Work } from '#platform/http/index.ts'
import { changeFile, saveCircumstances } from './client-file.store.ts'
import type { ClientHooks } from './client-hooks.ts'
import { addEvent, disclosuresOf, insertDisclosure } from './client-history.store.ts'
import { closeFile, reassignFile, reopenFile, restrictFile } from './client.ts'
import { idsOfFile } from './clients.store.ts'
import { accessChanged, backToFile } from './after-change.scene.ts'
import { inFile } from './open-file.guard.ts'
import { readCircumstances } from './pages/circumstances.page.ts'
import { closeForm, closePage } from './pages/close.page.ts'
import { disclosuresPage, readDisclosures } from './pages/disclosures.page.ts'
import { editPage } from './pages/edit.page.ts'
import { readReassignment, reassignPage } from './pages/reassign.page.ts'
import { readRestriction, restrictPage } from './pages/restrict.page.ts'
import { handOf, surroundingsOf } from './surroundings.scene.ts'

const options = { params: z.object({ id: idOf<'client'>() }), roles: ['adviser', 'manager'] } as const

export function fileRoutes(routes: Routes, hooks: ClientHooks<Work>): void {
  routes.staff('GET', '/clients/:id/edit', options, (scene, { params }) =>
    inFile(scene, params.id, async (client) => page('clients/pages/edit.njk', editPage(scene, client))),
  )

  routes.staff('POST', '/clients/:id/edit', options, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const again = (problems: readonly FieldProblem[]) =>
        page('clients/pages/edit.njk', editPage(scene, client, { body, problems }), { status: 400 })
      const person = readCircumstances(body, scene.today)
      if (!person.ok) return again(person.problem)
      // The version that the form was made from: a later one means that someone else saved in between.
      const seen = { ...client, version: Number(textOf(body, 'version')) || client.version }
      const saved = await saveCircumstances(scene.db, handOf(scene), seen, person.value)
      if (!saved.ok) return again([{ field: 'version', key: 'clients.edit.changed_meanwhile' }])
      return backToFile(client, scene.t('clients.edit.done'))
    }),
  )

  routes.staff('GET', '/clients/:id/disclosures', options, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const told = await disclosuresOf(scene.db, await idsOfFile(scene.db, client.id))
      return page('clients/pages/disclosures.njk', disclosuresPage(scene, client, told))
    }),
  )

  routes.staff('POST', '/clients/:id/disclosures', options, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const hand = handOf(scene)
      const told = await disclosuresOf(scene.db, await idsOfFile(scene.db, client.id))
      const changes = readDisclosures(body, told)
      for (const change of changes) await insertDisclosure(scene.db, hand, client, change)
      // The history says that something was told, not what: it is kept apart.
      if (changes.length > 0) await addEvent(scene.db, hand, client, { kind: 'disclosed' })
      return backToFile(client, scene.t('clients.disclosures.done'))
    }),
  )

  reassignRoutes(routes, hooks)
  closeRoutes(routes)
  restrictRoutes(routes, hooks)
}

function reassignRoutes(routes: Routes, hooks: ClientHooks<Work>): void {
  routes.staff('GET', '/clients/:id/reassign', options, (scene, { params }) =>
    inFile(scene, params.id, async (client) =>
      page('clients/pages/reassign.njk', reassignPage(scene, client, { surroundings: await surroundingsOf(scene) })),
    ),
  )

  routes.staff('POST', '/clients/:id/reassign', options, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const surroundings = await surroundingsOf(scene)
      const again = (problems: readonly FieldProblem[]) =>
        page('clients/pages/reassign.njk', reassignPage(scene, client, { surroundings, body, problems }), {
          status: 400,
        })
      const wanted = readReassignment(body, { client, surroundings, siteIds: scene.actor.siteIds })
      if (!wanted.ok) return again(wanted.problem)
      const after = reassignFile(client, wanted.value)
      if (!after.ok) return again([{ field: 'adviserId', key: 'clients.reassign.nothing_changed' }])
      const facts = { site_before: client.siteId, adviser_before: client.adviserId, adviser: after.value.adviserId }
      const saved = await changeFile(
        scene.db,
        handOf(scene),
        { before: client, after: after.value },
        { kind: 'reassigned', facts },
      )
      if (!saved.ok) return again([{ field: 'adviserId', key: 'clients.edit.changed_meanwhile' }])
      await accessChanged(scene, after.value, hooks)
      const { adviserId: from } = client
      const { adviserId: to } = after.value
      if (from !== null && to !== null && from !== to) {
        const by = { id: scene.actor.id, name: scene.actor.name }
        await hooks.onReassigned?.(scene, { clientIds: await idsOfFile(scene.db, client.id), from, to, by })
      }
      return backToFile(
        client,
        scene.t('clients.reassign.done', { name: surroundings.staffName(after.value.adviserId) }),
      )
    }),
  )
}

function closeRoutes(routes: Routes): void {
  routes.staff('GET', '/clients/:id/close', options, (scene, { params }) =>
    inFile(scene, params.id, async (client) =>
      client.status === 'closed'
        ? backToFile(client, scene.t('clients.close.already'))
        : page('clients/pages/close.njk', closePage(scene, client)),
    ),
  )

  routes.staff('POST', '/clients/:id/close', options, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const again = (problems: readonly FieldProblem[]) =>
        page('clients/pages/close.njk', closePage(scene, client, body, problems), { status: 400 })
      const form = readForm(closeForm, body)
      if (!form.ok) return again(form.problem)
      const { reason } = form.value
      const after = closeFile(client, reason, scene.now)
      if (!after.ok) return backToFile(client, scene.t('clients.close.already'))
      const saved = await changeFile(
        scene.db,
        handOf(scene),
        { before: client, after: after.value },
        { kind: 'closed', facts: { reason } },
      )
      if (!saved.ok) return again([{ field: 'reason', key: 'clients.edit.changed_meanwhile' }])
      return backToFile(client, scene.t('clients.close.done'))
    }),
  )

  routes.staff('POST', '/clients/:id/reopen', options, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const after = reopenFile(client)
      // Twice pressed, or someone else was faster: it is open, which is what was wanted.
      if (after.ok)
        await changeFile(scene.db, handOf(scene), { before: client, after: after.value }, { kind: 'reopened' })
      return backToFile(client, scene.t('clients.reopen.done'))
    }),
  )
}

// messages: clients.restrict.done
// messages: clients.restrict.undone
// messages: clients.restrict.actor_left_out
// messages: clients.restrict.adviser_left_out

function restrictRoutes(routes: Routes, hooks: ClientHooks<Work>): void {
  routes.staff('GET', '/clients/:id/restrict', options, (scene, { params }) =>
    inFile(scene, params.id, async (client) =>
      page('clients/pages/restrict.njk', restrictPage(scene, client, { surroundings: await surroundingsOf(scene) })),
    ),
  )

  routes.staff('POST', '/clients/:id/restrict', options, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const surroundings = await surroundingsOf(scene)
      const again = (problems: readonly FieldProblem[]) =>
        page('clients/pages/restrict.njk', restrictPage(scene, client, { surroundings, body, problems }), {
          status: 400,
        })
      const named = readRestriction(body, surroundings)
      const after = restrictFile(client, named, scene.actor.id)
      if (!after.ok) return again([{ field: 'staff', key: `clients.restrict.${after.problem}` }])
      const saved = await changeFile(
        scene.db,
        handOf(scene),
        { before: client, after: after.value },
        { kind: 'restricted', facts: { named } },
      )
      if (!saved.ok) return again([{ field: 'staff', key: 'clients.edit.changed_meanwhile' }])
      await accessChanged(scene, after.value, hooks)
      await scene.record('client.restricted', { clientId: client.id, facts: { staff: named } })
      return backToFile(client, scene.t(`clients.restrict.${named ? 'done' : 'undone'}`))
    }),
  )
}
