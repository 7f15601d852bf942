import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSeededRandom } from '../../test/support/seeded-random.ts'
import { runChaos } from './import-rounds.ts'

/** `[--rounds=100] [--seed=N]`; runs under Electron as Node. */
const numberOf = (name: string): number | undefined => {
  const word = process.argv.find((each) => each.startsWith(`--${name}=`))
  return word === undefined ? undefined : Number(word.slice(name.length + 3))
}
const random = createSeededRandom(numberOf('seed'))
const rounds = numberOf('rounds') ?? 100
const folder = await mkdtemp(join(tmpdir(), 'carrel-chaos-'))
console.log(`chaos:import, ${rounds} rounds, --seed=${random.seed}`)
const { kills, libraries, problems } = await runChaos({
  folder,
  rounds,
  random,
  say: (text) => console.log(`  ${text}`),
})
for (const problem of problems) console.error(`DIFFERS: ${problem}`)
const counted = Object.entries(kills).map(([victim, count]) => `${count} of ${victim}`)
console.log(
  `${counted.join(', ')} killed in ${libraries} libraries; ${problems.length} differences; --seed=${random.seed}`,
)
if (problems.length === 0) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
else console.log(`kept in ${folder}`)
process.exitCode = problems.length === 0 ? 0 : 1
