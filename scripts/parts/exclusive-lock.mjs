// One launcher at a time: two that install, fetch or build at once would corrupt each other's files.
import { rmSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from './failure.mjs'
import { cacheFolder } from './places.mjs'
import { onShutdown } from './shutdown.mjs'

const heartbeatMs = 5_000
const staleMs = 60_000
const patienceMs = 45 * 60_000
const held = new Set()

/**
 * Runs `work` while holding the named lock, waiting for another holder first.
 * The lock is a folder with its holder's process id; a dead holder, or one that has not touched it for a minute
 * (the id may have been given to another process), loses it, but not while a program that it started still runs.
 *
 * @throws Failure after 45 minutes of waiting
 */
export async function withLock(name, progress, work, folder = join(cacheFolder(), 'locks')) {
  const lock = join(folder, name)
  const startedMs = Date.now()
  let hasSaidSo = false
  while (!(await tryTake(lock))) {
    const holder = await readHolder(lock)
    if (holder.isStale) {
      await takeAway(lock, holder.pid)
      continue
    }
    if (!hasSaidSo)
      progress.say(`  waiting for another Carrel launcher (process ${holder.pid ?? 'starting'}) to finish`)
    hasSaidSo = true
    if (Date.now() - startedMs > patienceMs) {
      throw new Failure(
        `Another Carrel launcher has held ${lock} for too long: end it or delete that folder, then run this again.`,
      )
    }
    await wait(200)
  }
  held.add(lock)
  const forget = onShutdown(() => giveBack(lock))
  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(join(lock, 'pid'), now, now).catch(() => {}) // gone: somebody deleted the cache; the work goes on
  }, heartbeatMs)
  heartbeat.unref()
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    forget()
    held.delete(lock)
    await giveBack(lock)
  }
}

/** Notes a program started under the locks held now; returns how to cross it out when it has ended. */
export function noteChild(pid) {
  const notes = [...held].map((lock) => join(lock, `child-${pid}`))
  for (const note of notes) writeFileSync(note, '')
  return () => {
    for (const note of notes) rmSync(note, { force: true })
  }
}

// The folder arrives by rename with the id already inside: there is no moment at which it has no holder.
async function tryTake(lock) {
  await mkdir(dirname(lock), { recursive: true })
  const candidate = `${lock}.${process.pid}.${Math.random().toString(36).slice(2)}`
  await mkdir(candidate)
  await writeFile(join(candidate, 'pid'), String(process.pid))
  try {
    await rename(candidate, lock)
    return true
  } catch (error) {
    await rm(candidate, { recursive: true, force: true })
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(error.code) && (await stat(lock).catch(() => null)))
      return false
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false // given back in between
    throw error
  }
}

// Moved away whole first: a folder emptied in place could become a waiter's new lock before it is removed.
async function giveBack(lock) {
  const aside = `${lock}.given-back.${process.pid}.${Math.random().toString(36).slice(2)}`
  try {
    await rename(lock, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return // somebody deleted the cache
    throw error
  }
  await rm(aside, { recursive: true, force: true })
}

async function readHolder(lock) {
  try {
    const pid = Number(await readFile(join(lock, 'pid'), 'utf8'))
    const { mtimeMs } = await stat(join(lock, 'pid'))
    const isUntouched = Date.now() - mtimeMs > staleMs
    return { pid, isStale: (!isAlive(pid) || isUntouched) && !(await hasLivingChild(lock, mtimeMs)) }
  } catch (error) {
    if (error.code === 'ENOENT') return { pid: undefined, isStale: false }
    throw error
  }
}

// A launcher that was killed leaves, say, npm still writing into node_modules: wait for that one too.
async function hasLivingChild(lock, touchedMs) {
  if (Date.now() - touchedMs > patienceMs) return false // by now the id belongs to something else
  const names = await readdir(lock)
  return names.some((name) => name.startsWith('child-') && isAlive(Number(name.slice('child-'.length))))
}

// Two waiters may judge the same holder dead; the slower one must not take away the faster one's new lock.
async function takeAway(lock, stalePid) {
  const aside = `${lock}.stale.${process.pid}.${Date.now()}`
  try {
    await rename(lock, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  const pid = Number(await readFile(join(aside, 'pid'), 'utf8').catch(() => stalePid))
  if (pid !== stalePid) {
    await rename(aside, lock).catch(() => {})
    return
  }
  await rm(aside, { recursive: true, force: true })
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM' // alive, but somebody else's
  }
}
