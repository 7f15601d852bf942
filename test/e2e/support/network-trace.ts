import { execFileSync } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { electronBinary } from './launch.ts'

/** Whether strace is there and may trace. */
export function canTrace(): boolean {
  if (process.platform !== 'linux') return false
  try {
    execFileSync('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return true
  } catch (cause) {
    if (cause instanceof Error) return false
    throw cause
  }
}

/** A program that starts Electron, with everything it starts, under strace. @returns its path. */
export async function writeTracingLauncher(folder: string, traceFile: string): Promise<string> {
  const path = join(folder, 'traced-electron')
  const calls = 'connect,sendto,sendmsg,sendmmsg'
  await writeFile(
    path,
    `#!/bin/sh\nexec strace -f -qq -yy -s 0 -e trace=${calls} -o '${traceFile}' '${electronBinary()}' "$@"\n`,
  )
  await chmod(path, 0o755)
  return path
}

/**
 * Lines of a trace that reach for the network beyond loopback: an internet address that is not loopback, or a send over
 * a UDP or raw socket that names no address (it was connected before, which is a line of its own).
 */
export async function readOutsideCalls(
  traceFile: string,
): Promise<{ readonly lines: number; readonly outside: readonly string[] }> {
  const lines = (await readFile(traceFile, 'utf8')).split('\n').filter((line) => line !== '')
  return { lines: lines.length, outside: lines.filter(reachesOutside) }
}

/** Exported for its own test: a filter that never matches would prove nothing. */
export function reachesOutside(line: string): boolean {
  // sin_addr=inet_addr("1.2.3.4") and inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)
  const named = [...line.matchAll(/inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
  if (named.some((address) => !isLoopback(address))) return true
  // With -yy a connected socket shows both ends: <TCP:[127.0.0.1:1->127.0.0.1:2]>, <UDPv6:[[::1]:1->[::1]:2]>
  const remote = /<(?:TCP|UDP|RAW|PING|ICMP)(?:v6)?:\[[^>]*->\[?([0-9a-f.:]+?)\]?:\d+\]>/i.exec(line)?.[1]
  return remote !== undefined && !isLoopback(remote)
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.')
}
