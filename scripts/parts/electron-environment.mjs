// The environment in which Electron is started: as the app, or as a plain Node.
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Failure } from './failure.mjs'

/** For the real app: never ELECTRON_RUN_AS_NODE (it would start no app), always a UTF-8 locale. */
export function appEnvironment(environment = process.env) {
  const { ELECTRON_RUN_AS_NODE: _never, ...rest } = environment
  return withUtf8Locale(rest)
}

/** For Electron as Node: the command line and the tests that open the database. */
export function nodeEnvironment(environment = process.env) {
  return { ...withUtf8Locale(environment), ELECTRON_RUN_AS_NODE: '1' }
}

/**
 * Without a UTF-8 locale Chromium silently drops files whose names are not ASCII.
 * LC_ALL and LC_CTYPE outrank LANG, so one that is not UTF-8 has to go.
 */
export function withUtf8Locale(environment, platform = process.platform) {
  if (platform !== 'linux') return { ...environment }
  const effective = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || ''
  if (/utf-?8/i.test(effective)) return { ...environment }
  const { LC_ALL: _all, LC_CTYPE: _type, ...rest } = environment
  return { ...rest, LANG: 'C.UTF-8' }
}

/** Chromium refuses to run as root with its sandbox; for everybody else the sandbox stays on. */
export function sandboxArguments(userId = process.getuid?.()) {
  return userId === 0 ? ['--no-sandbox'] : []
}

/**
 * Some systems (Ubuntu 24.04) deny ordinary programs the sandbox; Electron would end with a crash there.
 * @throws Failure with the one command that helps
 */
export async function requireSandbox(binary) {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return
  const isDenied =
    (await readSetting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')) === '1' ||
    (await readSetting('/proc/sys/kernel/unprivileged_userns_clone')) === '0'
  if (!isDenied) return
  const helper = join(dirname(binary), 'chrome-sandbox')
  const { uid, mode } = await stat(helper).catch(() => ({ uid: -1, mode: 0 }))
  if (uid === 0 && (mode & 0o4000) !== 0) return
  throw new Failure(
    `This system does not let Electron use its sandbox: run "sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'", then run this again.`,
  )
}

async function readSetting(path) {
  return (await readFile(path, 'utf8').catch(() => '')).trim()
}
