import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isOllamaInstalled } from '../../../../src/main/generators/ollama-installed.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carrel-path-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('is found on PATH', async () => {
  const environment = { PATH: ['/nowhere', folder].join(delimiter) }
  await writeFile(join(folder, 'ollama'), '')
  expect(await isOllamaInstalled(environment, 'linux')).toBe(true)
})

it('is found where the installer for Windows puts it', async () => {
  const environment = { LOCALAPPDATA: folder }
  expect(await isOllamaInstalled(environment, 'win32')).toBe(false)
  await mkdir(join(folder, 'Programs', 'Ollama'), { recursive: true })
  await writeFile(join(folder, 'Programs', 'Ollama', 'ollama.exe'), '')
  expect(await isOllamaInstalled(environment, 'win32')).toBe(true)
})
