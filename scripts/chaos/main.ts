import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSeededRandom } from '../../test/support/seeded-random.ts'
import { runChaos } from './import-rounds.ts'
import { runQuitRounds } from './quit-rounds.ts'

/** `[--what=import|quit] [--rounds=N] [--seed=N]`; runs under Electron as Node. */
const wordOf = (name: string): string | undefined =>
  process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3)
const numberOf = (name: string): number | undefined => {
  const word = wordOf(name)
  return word === undefined ? undefined : Number(word)
}
const say = (text: string): void => console.log(`  ${text}`)

async function killImports(folder: string): Promise<readonly string[]> {
  const random = createSeededRandom(numberOf('seed'))
  const rounds = numberOf('rounds') ?? 100
  console.log(`chaos:import, ${rounds} rounds, --seed=${random.seed}`)
  const { kills, libraries, problems } = await runChaos({ folder, rounds, random, say })
  const counted = Object.entries(kills).map(([victim, count]) => `${count} of ${victim}`)
  console.log(`${counted.join(', ')} killed in ${libraries} libraries; --seed=${random.seed}`)
  return problems
}

async function quitOften(folder: string): Promise<readonly string[]> {
  const rounds = numberOf('rounds') ?? 200
  console.log(`chaos:quit, ${rounds} rounds`)
  return runQuitRounds({ folder, rounds, say })
}

const folder = await mkdtemp(join(tmpdir(), 'carrel-chaos-'))
const problems = await (wordOf('what') === 'quit' ? quitOften : killImports)(folder)
for (const problem of problems) console.error(`DIFFERS: ${problem}`)
console.log(`${problems.length} differences`)
if (problems.length === 0) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
else console.log(`kept in ${folder}`)
process.exitCode = problems.length === 0 ? 0 : 1
