// What every page of one file has on top: whose file it is, and the way back to it.

import type { Client } from '../client.ts'
import { fullName } from '../client.ts'

export interface FileHead {
  readonly name: string
  readonly reference: string
  readonly href: string
}

export function fileHead(client: Pick<Client, 'id' | 'name' | 'familyName' | 'reference'>): FileHead {
  return { name: fullName(client), reference: client.reference, href: `/clients/${client.id}` }
}
