// npm test: static checks, Vitest, Playwright; one summary. npm test -- --only=vitest FILTER runs a part.
import { asSentence, Failure, runLauncher } from './parts/failure.mjs'
import { watchForOrphaning } from './parts/orphan.mjs'
import { ensurePackages } from './parts/packages.mjs'
import { findPythonClients } from './parts/python-clients.mjs'
import { prepareAndBuild } from './parts/prepare.mjs'
import { createProgress, formatElapsed } from './parts/progress.mjs'
import { parseTestArguments } from './parts/test-arguments.mjs'
import { addCounts, formatCounts, noCounts } from './parts/test-counts.mjs'
import { runPlaywright, runSlow, runStatic, runVitest } from './parts/test-runners.mjs'
import { findTestOllama } from './test-ollama.mjs'

const progress = createProgress()
const noOllama =
  'No real Ollama here, so its tests are skipped: run "node scripts/test-ollama.mjs install" to have them.'

watchForOrphaning(() => process.kill(process.pid, 'SIGTERM'))
await runLauncher(async () => {
  const results = []
  const startedMs = Date.now()
  try {
    const { runners, rest } = parseTestArguments(process.argv.slice(2))
    await runAll(runners, rest, results)
  } catch (error) {
    // Nothing may hide the closing line: what broke off the run counts as one failure.
    progress.say(`carrel: ${asSentence(error)}`)
    if (process.env.CARREL_DEBUG === '1') console.error(error)
    results.push({ title: 'set-up', ...noCounts, failed: 1, problem: 'see above' })
  }
  return summarise(results, Date.now() - startedMs)
})

async function runAll(runners, rest, results) {
  const isBuildNeeded = runners.some((runner) => runner !== 'static')
  const electron = isBuildNeeded ? await prepareAndBuild(progress) : await ensurePackages(progress)
  const add = async (title, run) => {
    progress.say(`\n== ${title}`)
    results.push(await run())
  }
  if (runners.includes('static')) await add('static checks', () => runStatic(progress))
  if (!isBuildNeeded) return

  const ollama = await findTestOllama()
  progress.say(ollama ? `\nReal Ollama: ${ollama.url}, ${ollama.model}` : `\n${noOllama}`)
  if (!ollama && process.env.CARREL_REQUIRE_OLLAMA === '1') throw new Failure(noOllama)
  try {
    const environment = { ...process.env, ...ollamaEnvironment(ollama), ...(await pythonEnvironment(runners)) }
    if (runners.includes('vitest')) await add('vitest', () => runVitest(electron, environment, rest))
    if (runners.includes('slow')) await add('slow tests', () => runSlow(electron, environment, rest))
    if (runners.includes('e2e')) await add('playwright', () => runPlaywright(electron, environment, rest, progress))
  } finally {
    await ollama?.stop()
  }
}

function ollamaEnvironment(ollama) {
  if (!ollama) return {}
  return {
    CARREL_TEST_OLLAMA: ollama.url,
    CARREL_TEST_OLLAMA_MODEL: ollama.model,
    CARREL_TEST_OLLAMA_LOG: ollama.logFile ?? '',
  }
}

/** The Python clients of the local API: for Vitest alone. */
async function pythonEnvironment(runners) {
  if (!runners.includes('vitest')) return {}
  const clients = await findPythonClients(progress)
  if ('python' in clients) return { CARREL_TEST_PYTHON: clients.python }
  const sentence = `No Python clients here (${clients.reason}), so their tests are skipped.`
  if (process.env.CARREL_REQUIRE_PYTHON === '1') throw new Failure(sentence)
  progress.say(sentence)
  return {}
}

function summarise(results, durationMs) {
  const total = addCounts(...results)
  // With a server at hand no test of the real Ollama has a reason to be skipped; CI must not be green without them.
  const isOllamaSkipped = process.env.CARREL_REQUIRE_OLLAMA === '1' && total.skipped.some(isAboutOllama)
  if (isOllamaSkipped) total.failed += 1
  progress.say(`\n== summary (${formatElapsed(durationMs)})`)
  for (const result of results) {
    progress.say(`  ${result.title}: ${formatCounts(result)}${result.problem ? ` (${result.problem})` : ''}`)
  }
  for (const { name, reason } of total.skipped) progress.say(`  skipped: ${name}${reason ? ` (${reason})` : ''}`)
  // Last, so that whoever sees only the end of a long run knows what to look for.
  for (const { name, reason } of total.failures) progress.say(`  FAILED: ${name}${reason ? ` (${reason})` : ''}`)
  if (isOllamaSkipped) progress.say('  FAILED: CARREL_REQUIRE_OLLAMA is set, but tests of the real Ollama were skipped')
  progress.say(formatCounts(total))
  return total.failed > 0 ? 1 : 0
}

function isAboutOllama({ name, reason }) {
  return /real ollama|CARREL_TEST_OLLAMA/i.test(`${name} ${reason}`)
}
