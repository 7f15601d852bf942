// Runs another program, keeps the end of what it printed, and never leaves it behind.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { noteChild } from './exclusive-lock.mjs'
import { onShutdown } from './shutdown.mjs'

const keptCharacters = 65_536
const graceMs = 10_000

/**
 * Runs `file args...` and waits for it.
 *
 * @param options.output 'keep' collects both streams; 'show' also passes them on
 * @param options.stream where 'show' writes
 * @param options.timeoutMs ends the whole process group after this time
 * @param options.signal ends it early
 * @returns {Promise<{code: number, output: string, wasEnded: boolean}>} the exit code (128 + n for a signal, 127 not found) and
 *   the last 64 K characters; it never throws for a failing program
 */
export function runCommand(file, args, options = {}) {
  const { cwd, env = process.env, output = 'keep', stream = process.stdout, timeoutMs, signal } = options
  const isDebug = process.env.CARREL_DEBUG === '1'
  return new Promise((resolve) => {
    // A group of its own, so that what the program started ends with it.
    const isGroup = process.platform !== 'win32'
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: isGroup })
    const crossOut = child.pid === undefined ? () => {} : noteChild(child.pid)
    let kept = ''
    let wasEnded = false
    const end = (name = 'SIGTERM') => {
      wasEnded = true
      endGroup(child.pid, name, isGroup)
    }
    // Waited for: the lock that protects its work is given back next.
    const forget = onShutdown(async (name) => {
      end(name)
      await Promise.race([once(child, 'close'), wait(graceMs)])
      end('SIGKILL')
    })
    const timer = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs)
    const onAbort = () => end()
    signal?.addEventListener('abort', onAbort, { once: true })
    for (const source of [child.stdout, child.stderr]) {
      source.setEncoding('utf8')
      source.on('data', (text) => {
        kept = (kept + text).slice(-keptCharacters)
        if (output === 'show' || isDebug) stream.write(text)
      })
    }
    const settle = (code) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      forget()
      crossOut()
      resolve({ code, output: kept, wasEnded })
    }
    child.on('error', (error) => {
      kept += error.message
      settle(127)
    })
    child.on('close', (code, name) => settle(code ?? 128 + (signalNumbers[name] ?? 0)))
  })
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }

/** Sends a signal to a process group (or the process alone, on Windows); one that is gone is no error. */
export function endGroup(pid, signal = 'SIGTERM', isGroup = process.platform !== 'win32') {
  if (pid === undefined) return
  try {
    process.kill(isGroup ? -pid : pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** The first line of a program's output that tells a reason, for a sentence. */
export function reasonIn(output) {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)( code)?/i, '').trim())
    .filter(Boolean)
  return (
    lines.find((line) => /error|E[A-Z]{4,}|not found|refused|failed/i.test(line)) ?? lines.at(-1) ?? 'no reason given'
  )
}
