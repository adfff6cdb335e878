// Writes src/platform/db/schema.generated.ts, Kysely's types, from a freshly migrated database.
//   npm run schema            writes it
//   npm run schema -- --check exits 1 when it differs from what is there

import fs from 'node:fs'
import path from 'node:path'
import { describeSchema } from '../src/platform/db/describe.ts'
import { startTestServer } from '../src/platform/db/testing.ts'

const file = path.join(import.meta.dirname, '..', 'src', 'platform', 'db', 'schema.generated.ts')
const server = await startTestServer()
try {
  const text = await describeSchema(server.templateConnection)
  if (process.argv.includes('--check')) {
    if (fs.readFileSync(file, 'utf8') !== text) {
      console.error('schema.generated.ts is not what the migrations make. Run npm run schema.')
      process.exitCode = 1
    }
  } else fs.writeFileSync(file, text)
} finally {
  await server.stop()
}
