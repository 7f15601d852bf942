import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from '../../../scripts/parts/exclusive-lock.mjs'

let folder
let said
const progress = { say: (text) => said.push(text) }
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carrel-lock-'))
  said = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('work never overlaps, and the lock is given back', async () => {
  let running = 0
  let most = 0
  const work = async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
  }
  await Promise.all(Array.from({ length: 5 }, () => withLock('build', progress, work, folder)))
  expect(most).toBe(1)
  expect(readdirSync(folder)).toEqual([])
  expect(said[0]).toContain('waiting for another Carrel launcher')
})

test('the lock is given back after a failure, which passes through', async () => {
  const failing = withLock('build', progress, () => Promise.reject(new Error('no')), folder)
  await expect(failing).rejects.toThrow('no')
  expect(existsSync(join(folder, 'build'))).toBe(false)
})

test('a dead holder loses the lock', async () => {
  const { pid } = spawnSync(process.execPath, ['--version'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } })
  mkdirSync(join(folder, 'build'))
  writeFileSync(join(folder, 'build', 'pid'), String(pid))
  expect(await withLock('build', progress, async () => 'done', folder)).toBe('done')
  expect(readdirSync(folder)).toEqual([])
})

test('a dead holder keeps it while a program that it started still writes', async () => {
  const { pid } = spawnSync(process.execPath, ['--version'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } })
  const lock = join(folder, 'build')
  const child = join(lock, `child-${process.pid}`) // this very process: surely alive
  mkdirSync(lock)
  writeFileSync(join(lock, 'pid'), String(pid))
  writeFileSync(child, '')
  let isChildDone = false
  const waiting = {
    say: () => {
      isChildDone = true
      rmSync(child)
    },
  } // the first thing a waiter does is say so
  await withLock('build', waiting, async () => expect(isChildDone).toBe(true), folder)
})
