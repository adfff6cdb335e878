// One uploaded file: written to a folder of our own while it streams in, removed when the request ends.

import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { FastifyRequest } from 'fastify'
import type { FormBody } from './form.ts'

export interface Upload {
  /** As the sender called it: shown, never used as a path. */
  readonly name: string
  readonly path: string
  readonly bytes: number
  /** Larger than allowed: the file holds only the beginning. */
  readonly isTooLarge: boolean
}

export interface TakenUpload {
  readonly fields: FormBody
  readonly upload: Upload | null
  readonly discard: () => Promise<void>
}

/** Without folders and control characters, and its end alone where it is too long for a file system. */
function plainName(name: string): string {
  return path
    .basename(name)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .slice(-100)
}

/** Streams the file to disk, at most `maxBytes` of it, and collects the fields. A form without a file gives null. */
export async function takeUpload(
  request: FastifyRequest,
  { maxBytes }: { maxBytes: number },
  folder: string,
): Promise<TakenUpload> {
  const fields: Record<string, string> = {}
  let upload: Upload | null = null
  const taken = path.join(folder, randomUUID())
  const discard = () => fs.promises.rm(taken, { force: true })
  try {
    for await (const part of request.parts({
      limits: { fileSize: maxBytes, files: 1, fields: 20, fieldSize: 10_000 },
    })) {
      if (part.type === 'field') {
        fields[part.fieldname] = String(part.value)
      } else if (part.filename === '') {
        part.file.resume()
      } else {
        fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
        await pipeline(part.file, fs.createWriteStream(taken, { mode: 0o600 }))
        upload = {
          name: plainName(part.filename),
          path: taken,
          bytes: part.file.bytesRead,
          isTooLarge: part.file.truncated,
        }
      }
    }
  } catch (error) {
    await discard()
    throw error
  }
  return { fields, upload, discard }
}
