// A file that travels with a referral: what it may be, who may fetch it, and what becomes of it.

import type { Id, ReferralId } from '#platform/ids.ts'
import type { Side } from '../conversation/audience.ts'

export type AttachmentId = Id<'referral_attachment'>

export const attachmentKinds = ['pdf', 'png', 'jpeg', 'webp', 'heic', 'docx', 'odt', 'txt'] as const
export type AttachmentKind = (typeof attachmentKinds)[number]

/** not_scanned: no scanner is set up. failed: the scanner did not answer; it is tried again. */
export const scanStates = ['not_scanned', 'waiting', 'clean', 'infected', 'failed'] as const
export type ScanState = (typeof scanStates)[number]

export const goneReasons = ['removed', 'infected', 'retention'] as const
export type GoneReason = (typeof goneReasons)[number]

export interface Attachment {
  readonly id: AttachmentId
  readonly referralId: ReferralId
  /** The event that it was added by; that event knows who did it. */
  readonly eventId: string
  readonly from: Side
  readonly fromName: string
  /** As the sender called it, cleaned. */
  readonly name: string
  readonly kind: AttachmentKind
  readonly bytes: number
  readonly isShownToPartner: boolean
  readonly isShownToClient: boolean
  readonly scan: ScanState
  readonly addedAt: Date
  /** The content is deleted; the line stays. */
  readonly gone: { readonly at: Date; readonly because: GoneReason } | null
}

export interface AttachmentRules {
  /** Days from the day a referral is closed until contents are deleted. */
  readonly keepDays: number
  readonly mostFileMegabytes: number
  readonly mostReferralMegabytes: number
}

/** Half a year answers most questions that come afterwards. */
export const usualRules: AttachmentRules = { keepDays: 180, mostFileMegabytes: 10, mostReferralMegabytes: 50 }

/** No network may allow more for one file: it is held in memory while it is looked at. */
export const mostFileMegabytes = 25

export const bytesOfMegabytes = (megabytes: number): number => megabytes * 1_000_000

/** Whether this side may have the content now. What a scan has not cleared goes to staff alone, who are told so; what waits
 *  for its scan goes to nobody but the side that sent it. */
export function mayFetch({ gone, scan, from, isShownToPartner, isShownToClient }: Attachment, side: Side): boolean {
  if (gone !== null || scan === 'infected') return false
  if (side === 'partner' && !isShownToPartner) return false
  if (side === 'client' && !isShownToClient) return false
  if (scan === 'waiting') return from === side && side === 'adviser'
  return scan !== 'failed' || side === 'adviser'
}

/** Who sends it may take it back; the network's own staff may remove any. */
export function mayRemove({ gone, from }: Attachment, side: Side): boolean {
  return gone === null && (side === 'adviser' || from === side)
}

const longestName = 120

/** The name as it was typed, without folders, control characters and marks that turn the reading direction around, so that
 *  `gnp.exe` cannot pose as `exe.png`. A file without a name is called `file`. */
export function cleanName(typed: string): string {
  const plain = (typed.split(/[\\/]/).at(-1) ?? '')
    .normalize('NFC')
    .toWellFormed()
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff\ufff9-\ufffb]/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  if (plain === '') return 'file'
  if ([...plain].length <= longestName) return plain
  const { stem, ending } = partsOf(plain)
  return `${[...stem].slice(0, longestName - ending.length - 1).join('')}…${ending}`
}

/** The name under which it is saved: its ending says what the content is, whatever it was called. */
export function nameToSaveAs({ name, kind }: Pick<Attachment, 'name' | 'kind'>): string {
  const { ending } = partsOf(name)
  return endings[kind].includes(ending.toLowerCase()) ? name : `${name}${endings[kind][0]}`
}

const endings: Readonly<Record<AttachmentKind, readonly [string, ...string[]]>> = {
  pdf: ['.pdf'],
  png: ['.png'],
  jpeg: ['.jpg', '.jpeg'],
  webp: ['.webp'],
  heic: ['.heic', '.heif'],
  docx: ['.docx'],
  odt: ['.odt'],
  txt: ['.txt'],
}

/** For the choice of a file in a browser; what counts is the content. */
export const acceptedEndings = Object.values(endings).flat().join(',')

function partsOf(name: string): { readonly stem: string; readonly ending: string } {
  const dot = name.lastIndexOf('.')
  // An ending is short; a dot further to the front is part of the name.
  if (dot <= 0 || name.length - dot > 6) return { stem: name, ending: '' }
  return { stem: name.slice(0, dot), ending: name.slice(dot) }
}
