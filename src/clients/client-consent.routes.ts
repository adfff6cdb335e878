// Consent of a client: given and withdrawn. A withdrawal reaches whoever acts on the consent in the same transaction.

import { z } from 'zod'
import { idOf, notFound, page, readForm, type Routes, type Scene, type Work } from '#platform/http/index.ts'
import { backToFile } from './after-change.scene.ts'
import { consentsOf, recordConsent, withdrawConsent } from './client-file.store.ts'
import type { ClientHooks } from './client-hooks.ts'
import type { Client } from './client.ts'
import { idsOfFile } from './clients.store.ts'
import type { Consent, ConsentId } from './consent.ts'
import { inFile } from './open-file.guard.ts'
import { consentPage, readConsent, withdrawForm, withdrawPage } from './pages/consent.page.ts'
import { handOf, surroundingsOf } from './surroundings.scene.ts'

const roles = ['adviser', 'manager'] as const
const ofFile = { params: z.object({ id: idOf<'client'>() }), roles }
const ofConsent = { params: z.object({ id: idOf<'client'>(), consent: idOf<'consent'>() }), roles }

export function consentRoutes(routes: Routes, hooks: ClientHooks<Work>): void {
  routes.staff('GET', '/clients/:id/consent', ofFile, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const consents = await consentsOf(scene.db, client.id, scene.today)
      const surroundings = await surroundingsOf(scene)
      return page('clients/pages/consent.njk', consentPage(scene, client, { consents, surroundings }))
    }),
  )

  routes.staff('POST', '/clients/:id/consent', ofFile, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const consent = readConsent(body, scene.today)
      if (!consent.ok) {
        const consents = await consentsOf(scene.db, client.id, scene.today)
        const surroundings = await surroundingsOf(scene)
        const again = consentPage(scene, client, { consents, surroundings, body, problems: consent.problem })
        return page('clients/pages/consent.njk', again, { status: 400 })
      }
      await recordConsent(scene.db, handOf(scene), client, consent.value)
      return backToFile(client, scene.t('clients.consent.done'))
    }),
  )

  routes.staff('GET', '/clients/:id/consent/:consent/withdraw', ofConsent, (scene, { params }) =>
    inFile(scene, params.id, async (client) => {
      const consent = (await standingConsent(scene, client, params.consent)) ?? notFound()
      const surroundings = await surroundingsOf(scene)
      return page('clients/pages/withdraw.njk', withdrawPage(scene, client, { consent, surroundings }))
    }),
  )

  routes.staff('POST', '/clients/:id/consent/:consent/withdraw', ofConsent, (scene, { params, body }) =>
    inFile(scene, params.id, async (client) => {
      const consent = (await standingConsent(scene, client, params.consent)) ?? notFound()
      const form = readForm(withdrawForm, body)
      if (!form.ok) {
        const surroundings = await surroundingsOf(scene)
        const again = withdrawPage(scene, client, { consent, surroundings, problems: form.problem })
        return page('clients/pages/withdraw.njk', again, { status: 400 })
      }
      await withdrawConsent(scene.db, handOf(scene), client, { id: consent.id, ...form.value })
      const { purpose, organizationId, referralId, recipient } = consent
      const clientIds = await idsOfFile(scene.db, client.id)
      const withdrawn = { clientIds, consentId: consent.id, purpose, organizationId, referralId, recipient }
      await hooks.onConsentWithdrawn?.(scene, withdrawn)
      return backToFile(client, scene.t('clients.consent.withdrawn_done'))
    }),
  )
}

async function standingConsent(scene: Scene, client: Client, id: ConsentId): Promise<Consent | undefined> {
  const consents = await consentsOf(scene.db, client.id, scene.today)
  return consents.find((consent) => consent.id === id && consent.state !== 'withdrawn')
}
