// A change of what is shared, told in the history of the referral: which fields, never what they say.

import type { MessageValues } from '#platform/i18n/index.ts'
import type { Scene } from '#platform/http/index.ts'
import type { SharedChange } from '../../event.ts'

// messages: clients.shared.*

type Speaking = Pick<Scene, 't' | 'locale'>

export function sharedChangeLines(
  scene: Speaking,
  { added, removed, refreshed }: SharedChange,
): readonly { readonly key: string; readonly values: MessageValues }[] {
  const lines = [
    { key: 'referrals.sharing.gave', fields: added },
    { key: 'referrals.sharing.took', fields: removed },
    { key: 'referrals.sharing.renewed', fields: refreshed },
  ]
  return lines
    .filter(({ fields }) => fields.length > 0)
    .map(({ key, fields }) => ({ key, values: { fields: namesOfFields(scene, fields) } }))
}

/** The fields by their names, as a sentence lists them. */
export function namesOfFields(scene: Speaking, fields: readonly string[]): string {
  const names = fields.map((field) => scene.t(`clients.shared.${field}`))
  return new Intl.ListFormat(scene.locale, { type: 'conjunction' }).format(names)
}
