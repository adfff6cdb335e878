// Keeps the test database's server running for the whole run, with its template made once.

import { startTestServer } from '../src/platform/db/testing.ts'

export async function setup(): Promise<() => Promise<void>> {
  const server = await startTestServer()
  return () => server.stop()
}
