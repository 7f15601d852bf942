// Runs the program a person asked for: our terminal is its terminal, our signals are its signals, its end is our end.
import { spawn } from 'node:child_process'
import { Failure } from './failure.mjs'
import { watchForOrphaning } from './orphan.mjs'
import { stopListening } from './shutdown.mjs'

const repeatMs = 1_000
const crashSignals = new Set(['SIGSEGV', 'SIGTRAP', 'SIGABRT', 'SIGILL', 'SIGBUS'])

/**
 * @param options.crashAdvice what to do when it crashes; without it a crash is passed on like any other signal
 * @returns {Promise<number>} its exit code; a program ended by a signal ends this process by the same signal
 */
export function runProgram(file, args, { cwd, env, crashAdvice }) {
  stopListening()
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: 'inherit' })
    const lastMs = {}
    // A terminal sends Ctrl-C to the whole group and npm sends it again: the same signal within a second is one.
    const forward = (signal) => {
      const nowMs = Date.now()
      if (nowMs - (lastMs[signal] ?? -Infinity) < repeatMs) return
      lastMs[signal] = nowMs
      child.kill(signal)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, forward)
    const stopWatching = watchForOrphaning(() => forward('SIGTERM'))
    const stop = () => {
      stopWatching()
      for (const signal of signals) process.off(signal, forward)
    }
    child.on('error', (error) => {
      stop()
      reject(error)
    })
    child.on('exit', (code, signal) => {
      stop()
      if (signal === null) return resolve(code ?? 1)
      if (crashAdvice !== undefined && crashSignals.has(signal)) {
        reject(new Failure(`Electron crashed (${signal}): ${crashAdvice}.`))
        return
      }
      process.kill(process.pid, signal)
      // Only where that did not end us (a signal ignored by whoever started us).
      setTimeout(() => resolve(1), 1_000)
    })
  })
}
