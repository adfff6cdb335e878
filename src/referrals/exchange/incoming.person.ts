// The circumstances that a request tells, as far as they are of the kind that a file keeps.

import { parsePhone, type Circumstances } from '#clients/index.ts'
import type { IncomingFields } from './incoming-referral.ts'

/** What a new file begins with. A number that is none, or a language in words, is left for the note. */
export function personOf(fields: IncomingFields): Circumstances {
  const phones = fields.phones.flatMap((typed) => {
    const phone = parsePhone(typed)
    return phone.ok ? [phone.value] : []
  })
  const isTag = fields.language !== null && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(fields.language)
  return {
    name: fields.name,
    familyName: fields.familyName,
    birthDate: fields.birthDate,
    phones: [...new Set(phones)],
    email: fields.email,
    reachedBy: phones.length > 0 ? ['phone'] : fields.email !== null ? ['email'] : [],
    language: isTag ? fields.language : null,
    script: null,
    needsInterpreter: false,
    accessNeeds: [],
    accessWords: fields.needs.length === 0 ? null : fields.needs.join('; '),
    address: fields.address,
    residenceArea: null,
    position: null,
  }
}
