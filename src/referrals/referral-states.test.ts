// The table of the machine as people read it: `docs/referral-states.md` says what the code does, and a change shows in both.
// UPDATE_DOCS=1 writes the page anew.

import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { eventNames, taskStatusOf } from './fhir-status.ts'
import { ends, isEnded, openStates, rules } from './referral.ts'
import type { EventKind } from './event.ts'

const file = path.join(import.meta.dirname, '..', '..', 'docs', 'referral-states.md')
const kinds = Object.keys(rules) as EventKind[]
const states = [...openStates, ...ends]
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
  [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')

function fromWords(from: readonly string[]): string {
  if (from.length === 0) return 'nothing'
  if (from.length === states.length) return 'any'
  if (from.length === openStates.length && openStates.every((state) => from.includes(state))) return 'any open'
  if (from.length === ends.length && ends.every((state) => from.includes(state))) return 'any end'
  return from.join(', ')
}

const page = `# States and events of a referral

The state machine of \`src/referrals/referral.ts\` and its names in \`src/referrals/fhir-status.ts\`. A test compares this page
with the code (\`src/referrals/referral-states.test.ts\`).

A referral is *closed* when it has an end and the client's next step is recorded (\`next_step_recorded\`). Only a closed
referral has no clock. An event that does not fit the state is answered with who came first, and changes nothing; the same
event twice is one. \`corrected\` takes back the last event that moved the referral.

## Events

Who may record it; where it leads (an event without a state moves nothing); what must come with it; whom it tells by mail;
the element of FHIR R4's Task in which it shows; whose it is in Gravity's referral management. What an adviser records on
behalf of a partner or client is marked by its channel (phone, in_person, fax, letter, other_mail).

${table(
  ['event', 'from', 'to', 'by', 'needs', 'tells', 'Task', 'Gravity'],
  kinds.map((kind) => {
    const { from, to, by, needs, tells } = rules[kind]
    const { task, setBy } = eventNames[kind]
    return [kind, fromWords(from), to ?? '', by.join(', '), needs.join(', '), tells.join(', '), task ?? '', setBy]
  }),
)}

## States

\`Task.businessStatus\` is our own word, so that both together name the state exactly.

${table(
  ['state', 'Task.status', 'is'],
  states.map((state) => [state, taskStatusOf(state).status, isEnded(state) ? 'an end' : 'open']),
)}
`

test('the page on states says what the code does', () => {
  if (process.env['UPDATE_DOCS'] === '1') fs.writeFileSync(file, page)
  expect(fs.readFileSync(file, 'utf8')).toBe(page)
})

test('what Gravity leaves to whoever gives the service, the partner may record; what it leaves to us, the partner may not', () => {
  for (const kind of kinds) {
    const isPartners = rules[kind].by.includes('partner')
    if (eventNames[kind].setBy === 'responder') expect([kind, isPartners]).toEqual([kind, true])
    if (eventNames[kind].setBy === 'requester') expect([kind, isPartners]).toEqual([kind, false])
  }
})
