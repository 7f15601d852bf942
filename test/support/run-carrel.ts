import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const projectFolder = resolve(import.meta.dirname, '..', '..')
const commandLine = join(projectFolder, 'out', 'main', 'cli.js')

export interface CarrelRun {
  readonly child: ChildProcess
  /** What came on standard output so far. */
  readonly stdout: () => string
  /** Resolves with the exit; `code` null: ended by a signal. */
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
  /** Resolves when standard output or standard error holds `text`; rejects when the process ends without. */
  shows(text: string): Promise<void>
}

/**
 * Starts the built command line (`npm test` builds it before) under the very Node the tests run under.
 * @param environment replaces OLLAMA_HOST and the like; by default no model server is found
 */
export function startCarrel(
  words: readonly string[],
  options: { readonly dataFolder: string; readonly environment?: Readonly<Record<string, string>> },
): CarrelRun {
  if (!existsSync(commandLine)) throw new Error('The command line is not built: run these tests by "npm test".')
  const child = spawn(process.execPath, [commandLine, '--data', options.dataFolder, ...words], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', OLLAMA_HOST: 'http://127.0.0.1:9', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  const look = (): void => {
    for (const watcher of watchers) watcher()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    look()
  })
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolveEnd) => {
    child.once('close', (code) => resolveEnd({ code, stdout, stderr }))
  })
  return {
    child,
    stdout: () => stdout,
    ended,
    shows: (text) =>
      new Promise((resolveShown, reject) => {
        const watcher = (): void => {
          if (!stdout.includes(text) && !stderr.includes(text)) return
          watchers.delete(watcher)
          resolveShown()
        }
        watchers.add(watcher)
        watcher()
        void ended.then(() => reject(new Error(`carrel ended without showing ${text}:\n${stdout}\n${stderr}`)))
      }),
  }
}

/** Runs the command line to its end. */
export async function runCarrel(
  words: readonly string[],
  options: { readonly dataFolder: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return startCarrel(words, options).ended
}

/** JSON lines of a command's output. */
export function jsonLines(stdout: string): readonly Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** A folder that is removed with its scope. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'carrel-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}
