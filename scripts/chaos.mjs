// npm run chaos:import -- [--rounds=100] [--seed=N]: kills an import over and over and compares what is left with a clean one.
// npm run chaos:quit -- [--rounds=200]: starts, embeds and quits over and over; every process has to end with 0.
import { nodeEnvironment } from './parts/electron-environment.mjs'
import { runLauncher } from './parts/failure.mjs'
import { inProject, projectRoot } from './parts/places.mjs'
import { prepareAndBuild } from './parts/prepare.mjs'
import { createProgress } from './parts/progress.mjs'
import { runCommand } from './parts/run-command.mjs'

const limitMs = 4 * 60 * 60_000

await runLauncher(async () => {
  const electron = await prepareAndBuild(createProgress())
  const { code } = await runCommand(
    electron.binary,
    [inProject('scripts', 'chaos', 'main.ts'), ...process.argv.slice(2)],
    { cwd: projectRoot, env: nodeEnvironment(), output: 'show', timeoutMs: limitMs },
  )
  return code
})
