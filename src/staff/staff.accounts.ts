// What the platform has to know to sign members of staff in.

import type { AccountKind } from '#platform/accounts/index.ts'
import { staffEntrance } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import { activateStaff, findStaff, findStaffByEmail } from './staff.store.ts'

export const staffAccounts: AccountKind = {
  name: 'staff',
  entrance: staffEntrance,
  tables: {
    credentials: 'staff_credentials',
    sessions: 'staff_sessions',
    links: 'staff_links',
    passkeys: 'staff_passkeys',
  },
  linkPurpose: 'staff_password',
  async find(db, id) {
    const staffId = parseId<'staff'>(id)
    return staffId && findStaff(db, staffId)
  },
  findByEmail: findStaffByEmail,
  activate: activateStaff,
}
