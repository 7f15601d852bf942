import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CarrelRun, runCarrel, startCarrel } from '../../test/support/run-carrel.ts'

export interface QuitOptions {
  /** Empty. */
  readonly folder: string
  readonly rounds: number
  readonly say: (text: string) => void
}

/** However busy the computer, a round takes less. */
const patienceMs = 120_000
const roundsBetweenWords = 20

/**
 * Starts Carrel, has one new document embedded, and quits, again and again in one library. In turns: a command that ends by
 * itself, and `carrel serve`, which stays open and is asked to end as soon as the document is ready, its workers warm.
 *
 * @returns what was not as it should be: an exit code other than 0, of Carrel or of a worker that was asked to stop; in the
 * end a document that is missing, or anything that `carrel verify` finds. Empty: all went well.
 */
export async function runQuitRounds({ folder, rounds, say }: QuitOptions): Promise<readonly string[]> {
  const dataFolder = join(folder, 'library')
  const documents = join(folder, 'documents')
  await mkdir(documents, { recursive: true })
  const problems: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    const path = join(documents, `round ${round}.md`)
    await writeFile(path, textOf(round))
    const kind = round % 2 === 0 ? 'command' : 'served'
    const problem =
      kind === 'command' ? await endOf(startCarrel(['add', path], { dataFolder })) : await serveOnce(path, dataFolder)
    if (problem !== null) problems.push(`round ${round} (${kind}): ${problem}`)
    if ((round + 1) % roundsBetweenWords === 0) say(`${round + 1} rounds, ${problems.length} problems`)
  }
  const log = await readFile(join(dataFolder, 'logs', 'carrel.log'), 'utf8')
  problems.push(...log.split('\n').filter((line) => line.includes('was asked to stop and ended')))
  const verified = await runCarrel(['--json', 'verify'], { dataFolder })
  if (verified.code !== 0) problems.push(`carrel verify: ${verified.stdout}`)
  const listed = await runCarrel(['--json', 'list'], { dataFolder })
  const ready = listed.stdout.split('\n').filter((line) => line.includes('"state":"ready"')).length
  if (ready !== rounds) problems.push(`${ready} of ${rounds} documents are ready`)
  return problems
}

async function serveOnce(path: string, dataFolder: string): Promise<string | null> {
  const run = startCarrel(['--json', 'serve', '--port', '0'], { dataFolder })
  try {
    await run.shows('token')
    const { code, stderr } = await runCarrel(['add', path], { dataFolder })
    if (code !== 0) return `adding ended with ${code}: ${stderr}`
  } finally {
    run.child.kill('SIGTERM')
  }
  return endOf(run)
}

/** @returns null when it ended with 0. */
async function endOf(run: CarrelRun): Promise<string | null> {
  const limit = setTimeout(() => run.child.kill('SIGKILL'), patienceMs)
  const { code, stderr } = await run.ended
  clearTimeout(limit)
  return code === 0 ? null : `ended with ${code ?? 'a signal'}: ${stderr}`
}

/** Two passages, one for each embedder. */
function textOf(round: number): string {
  const english = `The harbour of round ${round} opens at ${round % 24} o'clock, and its keeper writes the depth into the log. `
  const chinese = `第${round}轮：租约自签字之日起生效，任何一方均可提前三个月通知对方解除。`
  return `# Round ${round}\n\n${english.repeat(4)}\n\n# 第${round}轮\n\n${chinese.repeat(6)}\n`
}
