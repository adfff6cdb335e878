// Reading what was typed about a contact.

import { z } from 'zod'
import { idOf, oneOf, optionalText, requiredText, ticked } from '#platform/http/index.ts'
import { isLanguage } from '#platform/languages.ts'
import { waysToReach } from './contact.ts'

const email = optionalText(320)
  .transform((text) => text?.toLowerCase() ?? null)
  .refine((text) => text === null || z.email().safeParse(text).success, 'partners.contact.email_wrong')

const person = {
  name: requiredText('partners.contact.name_missing', 120),
  title: optionalText(120),
  phone: optionalText(60),
  reachedBy: oneOf(waysToReach, 'partners.contact.reached_by_missing'),
  locale: z.string({ error: 'partners.contact.locale_missing' }).refine(isLanguage, 'partners.contact.locale_missing'),
}

type Reached = { email: string | null; phone: string | null; reachedBy: string }

/** Whoever likes a letter needs an address, whoever likes a call a number. */
function refuseUnreachable({ email, phone, reachedBy }: Reached, context: z.RefinementCtx): void {
  if (reachedBy === 'email' && email === null) {
    context.addIssue({ code: 'custom', path: ['email'], message: 'partners.contact.email_wanted' })
  }
  if ((reachedBy === 'phone' || reachedBy === 'fax') && phone === null) {
    context.addIssue({ code: 'custom', path: ['phone'], message: 'partners.contact.phone_wanted' })
  }
}

/** A new contact: with an account when `invite` is ticked, which needs an address. */
export const newContactForm = z
  .object({ ...person, email, id: idOf<'contact'>(), invite: ticked(), isLead: ticked() })
  .superRefine((form, context) => {
    if (form.invite && form.email === null) {
      context.addIssue({ code: 'custom', path: ['email'], message: 'partners.contact.email_for_account' })
    }
    refuseUnreachable(form, context)
  })

/** A known contact. The address of an account stands: it changes only while there is none. */
export const contactForm = z.object({ ...person, email }).superRefine(refuseUnreachable)
export const accountHolderForm = z
  .object(person)
  .superRefine((form, context) => refuseUnreachable({ ...form, email: 'of the account' }, context))
