// A small server that speaks clamd's INSTREAM: it finds what contains the harmless test signature of the makers of scanners.
// Source of the signature: https://www.eicar.org/download-anti-malware-testfile/ (here without its last letters).

import net from 'node:net'

export const signature = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-TEST'

export interface TestScanner {
  readonly url: string
  /** What the next scans get: a verdict by their content, an error, silence and a closed line, or nonsense. */
  answer: 'verdict' | 'error' | 'hang_up' | 'nonsense'
  /** How many streams came to their end. */
  scans: number
  close(): Promise<void>
}

export async function startScanner(): Promise<TestScanner> {
  const server = net.createServer((socket) => {
    let heard = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (part) => {
      heard = Buffer.concat([heard, part])
      const content = contentOf(heard)
      if (scanner.answer === 'hang_up') socket.destroy()
      else if (content !== null) {
        scanner.scans++
        socket.end(answerOf(scanner.answer, content))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The scanner has no port.')
  const scanner: TestScanner = {
    url: `tcp://127.0.0.1:${address.port}`,
    answer: 'verdict',
    scans: 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return scanner
}

function answerOf(answer: TestScanner['answer'], content: Buffer): string {
  if (answer === 'error') return 'INSTREAM size limit exceeded. ERROR\0'
  if (answer === 'nonsense') return 'PONG\0'
  return content.includes(signature) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0'
}

/** The content of a stream that has come to its end; null before. Throws when it is no such stream. */
function contentOf(heard: Buffer): Buffer | null {
  const command = Buffer.from('zINSTREAM\0')
  if (heard.length < command.length) return null
  if (!heard.subarray(0, command.length).equals(command)) throw new Error('That is no INSTREAM.')
  const pieces: Buffer[] = []
  for (let at = command.length; at + 4 <= heard.length;) {
    const length = heard.readUInt32BE(at)
    if (length === 0) return Buffer.concat(pieces)
    if (at + 4 + length > heard.length) return null
    pieces.push(heard.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return null
}
