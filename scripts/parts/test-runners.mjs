// The runners of `npm test`. Each returns `{ title, passed, failed, skipped, problem }`.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { withSomeDisplay } from './display.mjs'
import { appEnvironment, nodeEnvironment, requireSandbox } from './electron-environment.mjs'
import { formatElapsed } from './progress.mjs'
import { inProject, projectRoot } from './places.mjs'
import { runCommand } from './run-command.mjs'
import { countPlaywright, judgeRun } from './test-counts.mjs'

const limitMs = 45 * 60_000

/** Lint, format, types and the lock: four checks, each counted as one. Its output is shown only when it fails. */
export async function runStatic(progress) {
  const checks = [
    { title: 'lint', program: programOf('oxlint'), args: ['--deny-warnings'] },
    { title: 'format', program: programOf('oxfmt'), args: ['--check'] },
    { title: 'types', program: programOf('typescript', 'tsc'), args: ['--noEmit', '-p', 'tsconfig.json'] },
    { title: 'package lock', program: inProject('scripts', 'check-lock.mjs'), args: [] },
  ]
  const counts = { title: 'static checks', passed: 0, failed: 0, skipped: [], failures: [], problem: null }
  for (const { title, program, args } of checks) {
    const startedMs = Date.now()
    const { code, output } = await runCommand(process.execPath, [program, ...args], {
      cwd: projectRoot,
      timeoutMs: limitMs,
    })
    counts[code === 0 ? 'passed' : 'failed'] += 1
    if (code !== 0) counts.failures.push({ name: title, reason: '' })
    if (code !== 0) progress.say(output.trimEnd())
    progress.say(`  ${title}: ${code === 0 ? 'passed' : 'FAILED'} (${formatElapsed(Date.now() - startedMs)})`)
  }
  return counts
}

/** Vitest under Electron's own Node, because the database is built for it. */
export function runVitest(electron, environment, args) {
  return runVitestAs('unit, integration and contract tests (vitest)', electron, environment, args)
}

/** Tests that take real minutes, by Vitest as well. */
export function runSlow(electron, environment, args) {
  return runVitestAs('slow tests (vitest)', electron, environment, ['--config', 'vitest.slow.config.ts', ...args])
}

function runVitestAs(title, electron, environment, args) {
  return withReport(title, (report) => ({
    file: electron.binary,
    args: [
      inProject('node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      `--reporter=${inProject('scripts', 'parts', 'vitest-report.mjs')}`,
      ...args,
    ],
    env: { ...nodeEnvironment(environment), CARREL_VITEST_REPORT: report },
    count: (counts) => counts,
  }))
}

/** Playwright on the real app, on a virtual display where there is no other. Its runner is an ordinary Node. */
export async function runPlaywright(electron, environment, args, progress) {
  await requireSandbox(electron.binary)
  const program = inProject('node_modules', '@playwright', 'test', 'cli.js')
  const command = await withSomeDisplay(process.execPath, [program, 'test', '--reporter=list,json', ...args], progress)
  return withReport('end-to-end tests (playwright)', (report) => ({
    ...command,
    env: { ...appEnvironment(environment), CARREL_ELECTRON: electron.binary, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    count: countPlaywright,
  }))
}

async function withReport(title, describe) {
  const folder = await mkdtemp(join(tmpdir(), 'carrel-test-'))
  try {
    const report = join(folder, 'report.json')
    const { file, args, env, count } = describe(report)
    const { code } = await runCommand(file, args, { cwd: projectRoot, env, output: 'show', timeoutMs: limitMs })
    const text = await readFile(report, 'utf8').catch(() => null)
    return { title, ...judgeRun(text === null ? null : count(JSON.parse(text)), code) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

// The script behind node_modules/.bin/NAME: running it by `node` needs no shell on any platform.
function programOf(packageName, name = packageName) {
  const manifestPath = inProject('node_modules', packageName, 'package.json')
  const { bin } = createRequire(import.meta.url)(manifestPath)
  return join(dirname(manifestPath), typeof bin === 'string' ? bin : bin[name])
}
