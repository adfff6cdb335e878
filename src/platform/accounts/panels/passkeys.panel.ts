// One's own passkeys on the page of one's account: the list, and how to add one.

import { noProblems, textOf, type FormBody, type Panel, type Scene, type ShownProblems } from '../../http/index.ts'
import type { SignedIn } from '../../http/entrance.ts'
import { dayIn } from '../../dates.ts'
import type { AccountKind } from '../account.ts'
import { atDoor } from '../at-door.ts'
import { passkeysOf } from '../passkeys.store.ts'
import type { PasskeySite } from '../passkey.ceremony.ts'

export interface PasskeysShown {
  readonly site: PasskeySite | null
  readonly body?: FormBody
  readonly problems?: ShownProblems
}

export async function passkeysPanel(
  scene: Scene<SignedIn>,
  accounts: AccountKind,
  { site, body = {}, problems = noProblems }: PasskeysShown,
): Promise<Panel> {
  const kept = await atDoor(scene, () => passkeysOf(scene.db, accounts, scene.actor.id))
  const day = (moment: Date) => scene.day(dayIn(scene.network.timeZone, moment))
  const action = `${accounts.entrance.prefix}/account/passkeys`
  return {
    template: 'platform/accounts/panels/passkeys.njk',
    model: {
      action,
      isOffered: site !== null,
      name: textOf(body, 'name'),
      error: problems.byField['name'],
      rows: kept.map(({ id, name, createdAt, lastUsedAt }) => ({
        id,
        action: `${action}/${id}`,
        name,
        error: problems.byField[`name-${id}`],
        since: scene.t('platform.accounts.passkey_since', { day: day(createdAt) }),
        used: lastUsedAt
          ? scene.t('platform.accounts.passkey_used', { day: day(lastUsedAt) })
          : scene.t('platform.accounts.passkey_unused'),
      })),
    },
  }
}

/** A button that ends one's own sessions, this one too. */
export function elsewherePanel({ entrance }: AccountKind): Panel {
  return {
    template: 'platform/accounts/panels/elsewhere.njk',
    model: { action: `${entrance.prefix}/account/sign-out-everywhere` },
  }
}
