// The files of a referral: each with what it is, from whom, who may see it, and what became of it.

import { textOf, type FieldProblem, type FormBody, type PageModel, type Scene } from '#platform/http/index.ts'
import { openToFiles, audienceOf, type Side } from '../../conversation/audience.ts'
import type { AnyScene } from '../../pages/act.page.ts'
import { openStates } from '../../referral.ts'
import { eventId } from '../../referrals.acts.ts'
import type { KeptReferral } from '../../referrals.store.ts'
import { acceptedEndings, mayFetch, mayRemove, type Attachment, type AttachmentRules } from '../attachment.ts'

// messages: referrals.attachments.*
// messages: referrals.conversation.choice.*
// messages: referrals.conversation.for.*

export interface AttachmentsOptions {
  readonly kept: KeptReferral
  readonly attachments: readonly Attachment[]
  readonly rules: AttachmentRules
  /** What the addresses of the files begin with. */
  readonly base: string
  readonly side: Side
  /** The partner sees nothing of the client any more, and is given nothing. */
  readonly isPartnerShut: boolean
  readonly body: FormBody
  readonly problems: readonly FieldProblem[]
}

/** For a panel, and for the page of its own that a refused file leads to. */
export function attachmentsModel(scene: AnyScene, options: AttachmentsOptions) {
  const { kept, attachments, rules, base, side, isPartnerShut, body, problems } = options
  const mayAdd = openStates.some((state) => state === kept.referral.state) && kept.referral.state !== 'drafted'
  const open = openToFiles({ isPartnerShut })
  return {
    isStaff: side === 'adviser',
    files: attachments.map((attachment) => fileItem(scene, attachment, { base, side, isPartnerShut })),
    form: mayAdd
      ? {
          action: `${base}/attachments`,
          eventId: textOf(body, 'event') || eventId(scene.now),
          accept: acceptedEndings,
          limits: scene.t('referrals.attachments.limits', {
            file: rules.mostFileMegabytes,
            referral: rules.mostReferralMegabytes,
          }),
          audiences:
            side === 'adviser'
              ? open.map((audience) => ({
                  value: audience,
                  text: scene.t(`referrals.conversation.choice.${audience}`),
                  checked: textOf(body, 'audience') === audience,
                }))
              : [],
        }
      : null,
    kept: attachments.some(({ gone }) => gone === null)
      ? scene.t('referrals.attachments.kept', { days: rules.keepDays })
      : null,
    problems: scene.problems(problems),
  }
}

export function attachmentsPage(scene: AnyScene, options: AttachmentsOptions & { readonly back: string }): PageModel {
  return {
    title: scene.t('referrals.attachments.heading'),
    reference: options.kept.file.reference,
    back: options.back,
    list: attachmentsModel(scene, options),
    problems: scene.problems(options.problems),
  }
}

/** Asks before a content is deleted for good. */
export function removeAttachmentPage(
  scene: AnyScene,
  { kept, attachment, base, back }: { kept: KeptReferral; attachment: Attachment; base: string; back: string },
): PageModel {
  return {
    title: scene.t('referrals.attachments.remove_title'),
    reference: kept.file.reference,
    name: attachment.name,
    back,
    action: `${base}/attachments/${attachment.id}/remove`,
  }
}

function fileItem(
  scene: AnyScene,
  attachment: Attachment,
  { base, side, isPartnerShut }: Pick<AttachmentsOptions, 'base' | 'side' | 'isPartnerShut'>,
) {
  const at = `${base}/attachments/${attachment.id}`
  const audience = audienceOf({ partner: attachment.isShownToPartner, client: attachment.isShownToClient })
  const isStaff = side === 'adviser'
  const mayShow = isStaff && attachment.from === 'adviser' && attachment.gone === null
  return {
    name: attachment.name,
    href: mayFetch(attachment, side) ? at : null,
    facts: scene.t('referrals.attachments.facts', {
      kind: scene.t(`referrals.attachments.kind.${attachment.kind}`),
      size: sizeText(scene, attachment.bytes),
    }),
    from: {
      key: 'referrals.attachments.from',
      values: { name: fromText(scene, attachment, side), when: scene.moment(attachment.addedAt) },
    },
    audience: isStaff && attachment.from === 'adviser' ? scene.t(`referrals.conversation.for.${audience}`) : null,
    status: statusText(scene, attachment),
    isBad: attachment.scan === 'infected' || attachment.scan === 'failed',
    removeHref: mayRemove(attachment, side) ? `${at}/remove` : null,
    scanHref: isStaff && attachment.gone === null && attachment.scan === 'failed' ? `${at}/scan` : null,
    show:
      mayShow && !isPartnerShut
        ? {
            action: `${at}/shown`,
            value: attachment.isShownToPartner ? 'no' : 'yes',
            text: scene.t(attachment.isShownToPartner ? 'referrals.attachments.hide' : 'referrals.attachments.show'),
          }
        : null,
  }
}

function fromText(scene: AnyScene, { from, fromName }: Attachment, side: Side): string {
  if (from === 'client') return scene.t('referrals.conversation.from_client')
  if (from === side && side !== 'adviser') return scene.t('referrals.conversation.you')
  return fromName
}

function statusText(scene: AnyScene, { gone, scan }: Attachment): string {
  if (gone !== null) return scene.t(`referrals.attachments.gone.${gone.because}`, { when: scene.moment(gone.at) })
  return scene.t(`referrals.attachments.scan.${scan}`)
}

/** In whole kilobytes, or megabytes with one decimal. */
function sizeText(scene: Pick<Scene, 'locale'>, bytes: number): string {
  const isLarge = bytes >= 1_000_000
  const format = new Intl.NumberFormat(scene.locale, {
    style: 'unit',
    unit: isLarge ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: isLarge ? 1 : 0,
  })
  return format.format(isLarge ? bytes / 1_000_000 : Math.max(1, bytes / 1000))
}
