import { defineConfig } from 'vitest/config'

/** Runs under Electron's own Node (see scripts/test.mjs): better-sqlite3 and the workers need its Node-API. */
export default defineConfig({
  test: {
    include: ['test/{unit,integration,contract}/**/*.test.{ts,tsx,mjs}'],
    setupFiles: ['test/support/patient-waits.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
