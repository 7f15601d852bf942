import { defineConfig } from 'vitest/config'

/** Tests that wait real minutes: `npm run test:slow`, not part of `npm test`. */
export default defineConfig({
  test: { include: ['test/slow/**/*.test.ts'], environment: 'node', pool: 'forks', hookTimeout: 60_000 },
})
