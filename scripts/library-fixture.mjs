// node scripts/library-fixture.mjs [--cli=PATH]: keeps a small library as this Carrel (or the built command line at PATH)
// leaves it, as test/fixtures/libraries/version-NN.tar.gz. Made once for each version of the database, and never again.
import { cp, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { nodeEnvironment } from './parts/electron-environment.mjs'
import { Failure, runLauncher } from './parts/failure.mjs'
import { inProject } from './parts/places.mjs'
import { prepareAndBuild } from './parts/prepare.mjs'
import { createProgress } from './parts/progress.mjs'
import { runCommand } from './parts/run-command.mjs'

const limitMs = 300_000
const userVersionOffset = 60
const questions = ['When does the harbour close its gate?', '租约怎样提前解除？']

await runLauncher(async () => {
  const electron = await prepareAndBuild(createProgress())
  const given = process.argv.find((word) => word.startsWith('--cli='))?.slice('--cli='.length)
  const cli = given === undefined ? inProject('out', 'main', 'cli.js') : resolve(given)
  const folder = await mkdtemp(join(tmpdir(), 'carrel-fixture-'))
  try {
    const documents = join(folder, 'documents')
    await cp(inProject('test', 'fixtures', 'libraries', 'documents'), documents, { recursive: true })
    const dataFolder = join(folder, 'library')
    const carrel = async (...words) => {
      const { code, output } = await runCommand(electron.binary, [cli, '--data', dataFolder, ...words], {
        cwd: folder,
        env: { ...nodeEnvironment(), OLLAMA_HOST: 'http://127.0.0.1:9' },
        timeoutMs: limitMs,
      })
      if (code !== 0) throw new Failure(`carrel ${words[0]} ended with ${code}: ${output}`)
    }
    await carrel('add', documents)
    for (const question of questions) await carrel('ask', '--quotes', question)
    await carrel('verify')
    const version = await readVersion(join(dataFolder, 'carrel.sqlite'))
    const target = inProject('test', 'fixtures', 'libraries', `version-${String(version).padStart(2, '0')}.tar.gz`)
    const packed = await runCommand('tar', ['-czf', target, 'carrel.sqlite', 'vectors'], {
      cwd: dataFolder,
      timeoutMs: limitMs,
    })
    if (packed.code !== 0) throw new Failure(`tar ended with ${packed.code}: ${packed.output}`)
    console.log(target)
    return 0
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

async function readVersion(path) {
  const file = await open(path, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, userVersionOffset)
    return buffer.readInt32BE(0)
  } finally {
    await file.close()
  }
}
