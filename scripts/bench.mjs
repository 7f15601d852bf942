// npm run bench -- [--only=import,stream,...] [--quick]: measures, prints a table, keeps it as JSON in bench-results/.
import { parseBenchArguments } from './bench/arguments.mjs'
import { withSomeDisplay } from './parts/display.mjs'
import { nodeEnvironment, requireSandbox } from './parts/electron-environment.mjs'
import { runLauncher } from './parts/failure.mjs'
import { inProject, projectRoot } from './parts/places.mjs'
import { prepareAndBuild } from './parts/prepare.mjs'
import { createProgress } from './parts/progress.mjs'
import { runCommand } from './parts/run-command.mjs'
import { findTestOllama } from './test-ollama.mjs'

const realModelGroups = ['stream', 'runner', 'follow-ups', 'injection']
const limitMs = 4 * 60 * 60_000

await runLauncher(async () => {
  const progress = createProgress()
  const { groups, isQuick } = parseBenchArguments(process.argv.slice(2))
  const electron = await prepareAndBuild(progress)
  await requireSandbox(electron.binary)
  // Started only where it is asked; the other groups must not share the machine with a server.
  const ollama = groups.some((name) => realModelGroups.includes(name)) ? await findTestOllama() : null
  try {
    const main = inProject('scripts', 'bench', 'main.ts')
    const args = [main, `--groups=${groups.join(',')}`, ...(isQuick ? ['--quick'] : [])]
    const { file, args: words } = await withSomeDisplay(electron.binary, args, progress)
    const env = {
      ...nodeEnvironment(),
      CARREL_ELECTRON: electron.binary,
      CARREL_TEST_OLLAMA: ollama?.url ?? '',
      CARREL_TEST_OLLAMA_MODEL: ollama?.model ?? '',
    }
    const { code } = await runCommand(file, words, { cwd: projectRoot, env, output: 'show', timeoutMs: limitMs })
    return code
  } finally {
    await ollama?.stop()
  }
})
