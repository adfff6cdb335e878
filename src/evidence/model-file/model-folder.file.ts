// A learned model on disk: FOLDER/manifest.json and FOLDER/model.bin. It is there whole or not at all.

import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { ok, refused, type Result } from '#platform/result.ts'
import {
  formatName,
  mostManifestBytes,
  openModel,
  readManifest,
  sealModel,
  type ModelFile,
  type SealedManifest,
} from './container.bytes.ts'
import type { ModelProblem, PlaceProblem } from './problem.ts'

const manifestName = 'manifest.json'
const binaryName = 'model.bin'

/** Whether a model may be written there: to a folder that is new, empty or holds a model and nothing else. */
export async function checkModelPlace(folder: string): Promise<Result<null, PlaceProblem>> {
  const target = path.resolve(folder)
  const parent = await fs.stat(path.dirname(target)).catch(unlessAbsent)
  if (!parent?.isDirectory()) return refused({ reason: 'no_parent' })
  const isWritable = await fs.access(path.dirname(target), fs.constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!isWritable) return refused({ reason: 'not_writable' })
  const there = await fs.lstat(target).catch(unlessAbsent)
  if (!there) return ok(null)
  if (!there.isDirectory()) return refused({ reason: 'not_a_model' })
  const entries = await fs.readdir(target)
  const isOurs = entries.length === 0 || (await holdsOnlyAModel(target, entries))
  return isOurs ? ok(null) : refused({ reason: 'not_a_model' })
}

/**
 * Writes the model and puts it in its place in one step; a model that was there is replaced. Both files are on disk before
 * they get their name. `isStopped` is asked last of all: then nothing has changed. Refused as by `checkModelPlace`.
 */
export async function writeModelFile(
  folder: string,
  file: ModelFile,
  leaveIfStopped: () => void = () => undefined,
): Promise<Result<{ bytes: number }, PlaceProblem>> {
  const target = path.resolve(folder)
  const place = await checkModelPlace(target)
  if (!place.ok) return place
  const { manifest, binary } = sealModel(file)
  const draft = siblingOf(target, `draft-${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    await fs.mkdir(draft)
    const bytes = await writeDurably(path.join(draft, binaryName), binary)
    const more = await writeDurably(path.join(draft, manifestName), [Buffer.from(manifest)])
    await syncFolder(draft)
    leaveIfStopped()
    await putInPlace(draft, target)
    return ok({ bytes: bytes + more })
  } finally {
    await fs.rm(draft, { recursive: true, force: true })
  }
}

/** Reads a model; every byte is checked before any is used. Memory: the model once. */
export async function readModelFile(folder: string): Promise<Result<ModelFile, ModelProblem>> {
  const target = path.resolve(folder)
  const source = (await firstFolder(target, siblingOf(target, 'previous'))) ?? null
  if (!source) return refused({ reason: 'missing' })
  const text = await readText(path.join(source, manifestName))
  if (!text.ok) return text
  const manifest = readManifest(text.value)
  if (!manifest.ok) return manifest
  const bytes = await readBinary(path.join(source, binaryName), manifest.value)
  return bytes.ok ? openModel(manifest.value, bytes.value) : bytes
}

/** `.name.suffix` beside the folder: on the same disk, so that a rename is one step, and out of sight. */
function siblingOf(target: string, suffix: string): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.${suffix}`)
}

/** No file system exchanges two folders in one portable step: the old one is set aside under a name that readers know, so
 *  that at every moment one of the two is found. */
async function putInPlace(draft: string, target: string): Promise<void> {
  const aside = siblingOf(target, 'previous')
  const there = await fs.lstat(target).catch(unlessAbsent)
  if (there) {
    await fs.rm(aside, { recursive: true, force: true })
    await fs.rename(target, aside)
  }
  try {
    await fs.rename(draft, target)
  } catch (error) {
    if (there) await fs.rename(aside, target)
    throw error
  }
  await syncFolder(path.dirname(target))
  await fs.rm(aside, { recursive: true, force: true })
}

async function writeDurably(file: string, pieces: readonly Uint8Array[]): Promise<number> {
  const handle = await fs.open(file, 'wx')
  try {
    let bytes = 0
    for (const piece of pieces) {
      for (let at = 0; at < piece.length;)
        at += (await handle.write(piece, at, Math.min(chunk, piece.length - at))).bytesWritten
      bytes += piece.length
    }
    await handle.sync()
    return bytes
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function holdsOnlyAModel(folder: string, entries: readonly string[]): Promise<boolean> {
  if (entries.some((entry) => entry !== manifestName && entry !== binaryName)) return false
  const text = await readText(path.join(folder, manifestName))
  // Damaged or from another version, it is ours to replace; anybody else's manifest is not.
  return text.ok && text.value.includes(formatName)
}

async function firstFolder(...folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) if ((await fs.stat(folder).catch(unlessAbsent))?.isDirectory()) return folder
  return undefined
}

async function readText(file: string): Promise<Result<string, ModelProblem>> {
  const handle = await openIfThere(file)
  if (!handle) return refused({ reason: 'no_model' })
  try {
    const { size } = await handle.stat()
    if (size > mostManifestBytes) return refused({ reason: 'too_large' })
    return ok(await handle.readFile('utf8'))
  } finally {
    await handle.close()
  }
}

const chunk = 2 ** 26

/** Memory is asked for only once the file has the length that its manifest says. */
async function readBinary(file: string, { binary }: SealedManifest): Promise<Result<Uint8Array, ModelProblem>> {
  const handle = await openIfThere(file)
  if (!handle) return refused({ reason: 'damaged', what: `${binaryName} is missing` })
  try {
    const { size } = await handle.stat()
    if (size !== binary.bytes) return refused({ reason: 'damaged', what: `${binaryName} is cut off or too long` })
    const bytes = new Uint8Array(size)
    for (let at = 0; at < size;) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(chunk, size - at), at)
      if (bytesRead === 0) return refused({ reason: 'damaged', what: `${binaryName} is cut off or too long` })
      at += bytesRead
    }
    return ok(bytes)
  } finally {
    await handle.close()
  }
}

/** null when there is no such file. */
async function openIfThere(file: string): Promise<fs.FileHandle | null> {
  const there = await fs.stat(file).catch(unlessAbsent)
  return there?.isFile() ? fs.open(file, 'r') : null
}

function unlessAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
