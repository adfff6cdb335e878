// Margins as extensions of a QuestionnaireResponse's items, and back: so that each kept version keeps its margins.

import { parseDay } from '#platform/dates.ts'
import { parseId } from '#platform/ids.ts'
import { extensions, type ResponseExtension } from './fhir.ts'
import { manners, type Margins, type Note, type Told, type Way } from './margin.ts'
import { extensionsOf, isObject, objectsAt, valueOf, type Json } from './questionnaire-json.ts'

/** The extensions of one question's item; empty when its margin is. */
export function marginJson(linkId: string, { told, notes }: Margins): readonly ResponseExtension[] {
  const teller = told.get(linkId)
  const note = notes.get(linkId)
  const by = (id: string | null) => (id === null ? [] : [{ url: 'by', valueString: id }])
  return [
    ...(teller
      ? [
          {
            url: extensions.told,
            extension: [{ url: 'way', valueCode: teller.way }, { url: 'on', valueDate: teller.on }, ...by(teller.by)],
          },
        ]
      : []),
    ...(note
      ? [
          {
            url: extensions.note,
            extension: [{ url: 'text', valueString: note.text }, { url: 'on', valueDate: note.on }, ...by(note.by)],
          },
        ]
      : []),
  ]
}

/** The margins in a response. What does not read as one is left out: it came from elsewhere. */
export function marginsOf(json: unknown): Margins {
  const told = new Map<string, Told>()
  const notes = new Map<string, Note>()
  const read = (holder: Json): void => {
    for (const item of objectsAt(holder, 'item')) {
      const linkId = item['linkId']
      if (typeof linkId === 'string') {
        const teller = toldFrom(extensionsOf(item, extensions.told)[0])
        const note = noteFrom(extensionsOf(item, extensions.note)[0])
        if (teller) told.set(linkId, teller)
        if (note) notes.set(linkId, note)
      }
      read(item)
      objectsAt(item, 'answer').forEach(read)
    }
  }
  if (isObject(json)) read(json)
  return { told, notes }
}

function toldFrom(extension: Json | undefined): Told | null {
  if (!extension) return null
  const way = waysOf().find((one) => one === part(extension, 'way'))
  const on = parseDay(part(extension, 'on'))
  return way && on ? { way, on, by: parseId<'staff'>(part(extension, 'by')) } : null
}

function noteFrom(extension: Json | undefined): Note | null {
  if (!extension) return null
  const text = part(extension, 'text')
  const on = parseDay(part(extension, 'on'))
  return typeof text === 'string' && on ? { text, on, by: parseId<'staff'>(part(extension, 'by')) } : null
}

function part(extension: Json, url: string): unknown {
  return valueOf(objectsAt(extension, 'extension').find((found) => found['url'] === url))
}

function waysOf(): readonly Way[] {
  return [...manners, 'at_desk']
}
