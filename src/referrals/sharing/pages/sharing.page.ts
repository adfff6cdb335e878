// What a partner may see: on the referral's page, on the page that changes it with a preview, and on the one that takes it back.

import { consentTellers, fullName, sharedFields, waysToConsent, type Client, type SharedField } from '#clients/index.ts'
import { textOf, textsOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import { isEnded } from '../../referral.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import type { Share } from '../referral-shares.store.ts'
import { nextEntries, staleFields, type SharedEntry } from '../share.ts'
import { choiceSoFar } from '../sharing.form.ts'
import { namesOfFields } from './shared-change.page.ts'

// messages: clients.shared.*
// messages: clients.consent_how.*
// messages: clients.consent_told.*

/** An entry with its name, as `drawEntries` wants it. */
export interface LabelledEntry {
  readonly label: string
  readonly lines: readonly string[]
}

export function labelled(scene: Pick<Scene, 't'>, entries: readonly SharedEntry[]): readonly LabelledEntry[] {
  return entries.map(({ field, lines }) => ({ label: scene.t(`clients.shared.${field}`), lines }))
}

/** For the referral's page: what is shared, what the file says differently today, and the ways to change it. */
export function sharedModel(
  scene: Scene,
  { file, referral }: KeptReferral,
  { share, offered }: { readonly share: Share; readonly offered: readonly SharedEntry[] },
) {
  const shared = share.entries ?? []
  const isOpen = !isEnded(referral.state)
  const stale = isOpen ? staleFields(shared, offered) : []
  return {
    entries: labelled(scene, shared),
    withdrawn:
      share.withdrawnAt === null
        ? null
        : scene.t('referrals.page.share_withdrawn', { when: scene.moment(share.withdrawnAt) }),
    over: !isOpen && share.withdrawnAt === null ? scene.t('referrals.sharing.over') : null,
    stale: stale.length === 0 ? null : scene.t('referrals.sharing.stale', { fields: namesOfFields(scene, stale) }),
    changeHref: isOpen && share.entries !== null ? `/referrals/${file.id}/sharing` : null,
    withdrawHref: share.entries === null ? null : `/referrals/${file.id}/sharing/withdraw`,
  }
}

export interface SharingOptions {
  readonly kept: KeptReferral
  readonly client: Client
  readonly shared: readonly SharedEntry[]
  readonly offered: readonly SharedEntry[]
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
  readonly eventId: string
}

export function sharingPage(scene: Scene, options: SharingOptions): PageModel {
  const { kept, client, shared, offered, body, problems } = options
  const { file, referral } = kept
  const choice = choiceSoFar(body)
  return {
    title: scene.t('referrals.sharing.title'),
    reference: file.reference,
    clientName: fullName(client),
    partnerName: file.organizationName,
    back: `/referrals/${file.id}`,
    action: `/referrals/${file.id}/sharing`,
    withdrawHref: `/referrals/${file.id}/sharing/withdraw`,
    fields: sharedFields
      .filter((field) => field !== 'reason_for_referral')
      .map((field) => fieldItem(scene, field, { shared, offered, body }))
      .filter((item) => item !== null),
    words: choice.words,
    ...consentChoices(scene, body),
    preview: labelled(scene, nextEntries({ shared, offered }, choice)),
    hidden: { event: options.eventId, seen: textOf(body, 'seen') || String(referral.events.length) },
    problems: scene.problems(problems),
  }
}

/** What is ticked when the page is first drawn: what is shared now. */
export function sharingAsItIs(shared: readonly SharedEntry[]): FormBody {
  const words = shared.find((entry) => entry.field === 'reason_for_referral')?.lines.join('\n') ?? ''
  return { agreed: shared.map((entry) => entry.field), words, how: 'spoken', toldBy: 'client' }
}

export function withdrawSharingPage(
  scene: Scene,
  { kept, client, body, problems }: Pick<SharingOptions, 'kept' | 'client' | 'body' | 'problems'>,
): PageModel {
  const { file, referral } = kept
  return {
    title: scene.t('referrals.sharing.withdraw_title'),
    reference: file.reference,
    clientName: fullName(client),
    partnerName: file.organizationName,
    isOpen: !isEnded(referral.state),
    back: `/referrals/${file.id}`,
    action: `/referrals/${file.id}/sharing/withdraw`,
    ...consentChoices(scene, body),
    problems: scene.problems(problems),
  }
}

function consentChoices(scene: Scene, body: FormBody) {
  return {
    how: waysToConsent.map((way) => ({
      value: way,
      text: scene.t(`clients.consent_how.${way}`),
      checked: textOf(body, 'how') === way,
    })),
    toldBy: consentTellers.map((who) => ({
      value: who,
      text: scene.t(`clients.consent_told.${who}`),
      checked: textOf(body, 'toldBy') === who,
    })),
  }
}

interface Sources {
  readonly shared: readonly SharedEntry[]
  readonly offered: readonly SharedEntry[]
  readonly body: FormBody
}

function fieldItem(scene: Scene, field: SharedField, { shared, offered, body }: Sources) {
  const copy = shared.find((entry) => entry.field === field)
  const today = offered.find((entry) => entry.field === field)?.lines ?? []
  if (copy === undefined && today.length === 0) return null
  const isStale = copy !== undefined && staleFields([copy], offered).length > 0
  return {
    value: field,
    text: scene.t(`clients.shared.${field}`),
    lines: copy?.lines ?? today,
    isShared: copy !== undefined,
    checked: textsOf(body, 'agreed').includes(field),
    // Only where the file says something else today than what the partner sees.
    refresh: isStale ? { lines: today, checked: textsOf(body, 'refreshed').includes(field) } : null,
  }
}
