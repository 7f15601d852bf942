import { describe, expect, it } from 'vitest'
import { runChaos } from '../../../scripts/chaos/import-rounds.ts'
import { createSeededRandom } from '../../support/seeded-random.ts'
import { temporaryFolder } from '../../support/run-carrel.ts'

/** `npm run chaos:import` does a hundred. */
const rounds = 10

describe('an import that is killed', { timeout: 900_000 }, () => {
  it(`ends like a clean one after ${rounds} kills of main, parser and embedders at random moments`, async () => {
    await using folder = await temporaryFolder()
    const random = createSeededRandom()
    console.log(`CARREL_TEST_SEED=${random.seed} repeats it`)
    const said: string[] = []
    const report = await runChaos({ folder: folder.path, rounds, random, say: (text) => void said.push(text) })
    expect(report.problems, `seed ${random.seed}\n${said.join('\n')}`).toEqual([])
    expect(report.kills.main + report.kills.parser + report.kills.embedder).toBe(rounds)
  })
})
