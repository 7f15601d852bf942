// npm run -s carrel -- ...: the command line, under Electron as Node. Stdout is its own: preparing speaks on stderr.
import { nodeEnvironment } from './parts/electron-environment.mjs'
import { runLauncher } from './parts/failure.mjs'
import { inProject } from './parts/places.mjs'
import { prepareAndBuild } from './parts/prepare.mjs'
import { createProgress } from './parts/progress.mjs'
import { runProgram } from './parts/run-program.mjs'

await runLauncher(async () => {
  const electron = await prepareAndBuild(createProgress({ stream: process.stderr, isQuiet: true }))
  const args = [inProject('out', 'main', 'cli.js'), ...process.argv.slice(2)]
  // npm changes to the project's folder first; relative paths mean what they mean where the person typed them.
  const isFromNpm = process.env.npm_lifecycle_event === 'carrel'
  const cwd = (isFromNpm && process.env.INIT_CWD) || process.cwd()
  return runProgram(electron.binary, args, { cwd, env: nodeEnvironment() })
})
