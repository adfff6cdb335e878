// What a person chose to tell of themself. Nothing here is asked for by default, and each can be taken back.

import { textOf, type FormBody, type Scene } from '#platform/http/index.ts'
import type { Client } from '../client.ts'
import { disclosureKinds, disclosureValues, type Disclosure, type DisclosureKind } from '../disclosure.ts'
import { fileHead } from './file.page.ts'

// messages: clients.disclosure.*

export interface DisclosureChange {
  readonly kind: DisclosureKind
  /** Null: taken back. */
  readonly value: string | null
}

/** What differs from what was told; a value that is not on the list counts as none. */
export function readDisclosures(body: FormBody, told: readonly Disclosure[]): readonly DisclosureChange[] {
  return disclosureKinds.flatMap((kind) => {
    const typed = textOf(body, kind)
    const value = disclosureValues[kind].includes(typed) ? typed : null
    const before = told.find((one) => one.kind === kind)?.value ?? null
    return value === before ? [] : [{ kind, value }]
  })
}

export function disclosuresPage(scene: Scene, client: Client, told: readonly Disclosure[]) {
  return {
    title: scene.t('clients.disclosures.title'),
    head: fileHead(client),
    action: `/clients/${client.id}/disclosures`,
    kinds: disclosureKinds.map((kind) => {
      const value = told.find((one) => one.kind === kind)?.value ?? ''
      const item = (code: string, text: string) => ({ value: code, text, checked: code === value })
      return {
        name: kind,
        legend: scene.t(`clients.disclosure.${kind}`),
        items: [
          ...disclosureValues[kind].map((code) => item(code, scene.t(`clients.disclosure.${code}`))),
          item('', scene.t('clients.disclosures.not_told')),
        ],
      }
    }),
  }
}
