// A virus scanner by its own protocol: clamd's INSTREAM. Source: clamd(8), "INSTREAM", https://linux.die.net/man/8/clamd.

import net from 'node:net'

export type Verdict = 'clean' | 'infected'

/** The scanner did not answer, or answered something else than a verdict. */
export class ScanFailed extends Error {
  override readonly name = 'ScanFailed'
}

/** Long enough for the largest file on a busy machine. */
const patience = 60_000

/** Sends the content piece by piece and waits for the verdict. `address` is `tcp://host:port` or `unix:///path`.
 *  Throws ScanFailed when there is none; the words of the scanner are not repeated, for they may name the file. */
export async function scan(address: URL, pieces: AsyncIterable<Buffer>): Promise<Verdict> {
  const socket =
    address.protocol === 'unix:' ? net.connect(address.pathname) : net.connect(portOf(address), address.hostname)
  socket.setTimeout(patience, () => socket.destroy(new ScanFailed('The scanner did not answer in time.')))
  const answer = answerOf(socket)
  // A scanner that hangs up while we still send has answered all the same.
  answer.catch(() => undefined)
  try {
    await write(socket, Buffer.from('zINSTREAM\0'))
    for await (const piece of pieces) {
      if (socket.destroyed || piece.length === 0) break
      const length = Buffer.alloc(4)
      length.writeUInt32BE(piece.length)
      await write(socket, length)
      await write(socket, piece)
    }
    await write(socket, Buffer.alloc(4))
    return verdictOf(await answer)
  } catch (error) {
    throw error instanceof ScanFailed ? error : new ScanFailed('The scanner could not be reached.', { cause: error })
  } finally {
    socket.destroy()
  }
}

function verdictOf(answer: string): Verdict {
  if (/^stream: OK$/.test(answer)) return 'clean'
  if (/^stream: .+ FOUND$/.test(answer)) return 'infected'
  throw new ScanFailed('The scanner gave no verdict.')
}

function answerOf(socket: net.Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const heard: Buffer[] = []
    socket.on('data', (part: Buffer) => heard.push(part))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(heard).toString('utf8').replaceAll('\0', '').trim()))
    socket.on('data', () => {
      if (heard.at(-1)?.at(-1) === 0) socket.end()
    })
  })
}

function write(socket: net.Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}

function portOf({ port }: URL): number {
  return port === '' ? 3310 : Number(port)
}
