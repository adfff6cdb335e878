import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: ['**/*.slow.test.ts', 'node_modules/**'],
    globalSetup: ['setup/vitest-server.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Two cores; and a worker keeps what it has loaded from file to file: loading it again cost more than the tests. Files share
    // no state but the database's server, in which each has a database of its own.
    maxWorkers: 2,
    isolate: false,
    setupFiles: ['setup/property-seed.ts'],
  },
})
