import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readOllamaRunners } from '../../../../src/main/generators/runner-processes.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carrel-proc-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function plant(pid: string, command: readonly string[], stat: string | null): Promise<void> {
  await mkdir(join(folder, pid))
  await writeFile(join(folder, pid, 'cmdline'), command.join('\0'))
  if (stat !== null) await writeFile(join(folder, pid, 'stat'), stat)
}
const stat = (name: string, user: number, system: number) =>
  `1 (${name}) S 1 1 1 0 -1 4194304 1 0 0 0 ${user} ${system} 0 0 20 0 9 0 100 1 1 18446744073709551615`

it("finds Ollama's runners, new and old, and their processor time in milliseconds", async () => {
  await plant('10', ['/usr/local/bin/ollama', 'runner', '--model', '/m'], stat('ollama', 300, 20))
  await plant('11', ['/tmp/ollama123/runners/cpu/ollama_llama_server', '--model', '/m'], stat('a) b (c', 5, 0))
  await plant('12', ['/usr/local/bin/ollama', 'serve'], stat('ollama', 900, 0))
  await plant('13', ['/bin/sh', '-c', 'ollama runner'], stat('sh', 900, 0))
  await plant('14', ['/usr/local/bin/ollama', 'runner'], null)
  await plant('self', ['/usr/local/bin/ollama', 'runner'], stat('ollama', 900, 0))
  expect(await readOllamaRunners('linux', folder)).toEqual(
    new Map([
      [10, 3200],
      [11, 50],
    ]),
  )
})

it('knows nothing where the system does not show it', async () => {
  expect(await readOllamaRunners('darwin', folder)).toBeNull()
  expect(await readOllamaRunners('linux', join(folder, 'missing'))).toBeNull()
})
