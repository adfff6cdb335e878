import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

// Node itself takes about half of it. The same heap carries 200,000 lines, which bench/ imports.
const megabytesOfHeap = 60

test('20,000 lines go through a heap that could not hold a directory', { timeout: 120_000 }, async () => {
  const measure = new URL('../../../bench/directory-import.ts', import.meta.url).href
  const script = `import('${measure}').then((bench) => bench.measureDirectoryImport(20_000)).then((figures) => console.log(JSON.stringify(figures)))`
  const { stdout } = await run(process.execPath, [`--max-old-space-size=${megabytesOfHeap}`, '-e', script])
  expect(JSON.parse(stdout)).toMatchObject({ lines: 20_000 })
})
