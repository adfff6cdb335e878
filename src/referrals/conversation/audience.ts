// Whom a message is for. The adviser chooses; partner and client write to the adviser.

/** colleagues: a note that stays with staff. */
export const audiences = ['partner', 'partner_and_client', 'client', 'colleagues'] as const
export type Audience = (typeof audiences)[number]

/** The three who take part in the conversation about a referral; staff are one side, whoever of them writes. */
export const sides = ['adviser', 'partner', 'client'] as const
export type Side = (typeof sides)[number]

/** Who reads it beside staff, as the columns of a message hold it. */
export interface ShownTo {
  readonly partner: boolean
  readonly client: boolean
}

export function shownTo(audience: Audience): ShownTo {
  return {
    partner: audience === 'partner' || audience === 'partner_and_client',
    client: audience === 'client' || audience === 'partner_and_client',
  }
}

export function audienceOf({ partner, client }: ShownTo): Audience {
  if (partner) return client ? 'partner_and_client' : 'partner'
  return client ? 'client' : 'colleagues'
}

/** The choices for a file: the client's own page shows none. */
export function openToFiles(shut: { readonly isPartnerShut: boolean }): readonly Audience[] {
  return openAudiences(shut).filter((audience) => !shownTo(audience).client)
}

/** The choices that an adviser has: where the partner may see nothing of the client, nothing is written to them either. */
export function openAudiences({ isPartnerShut }: { readonly isPartnerShut: boolean }): readonly Audience[] {
  return audiences.filter((audience) => !isPartnerShut || !shownTo(audience).partner)
}
