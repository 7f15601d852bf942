import { expect, it } from 'vitest'
import { applyStartSwitches, resolverRules } from '../../../../src/main/electron/start-switches.ts'

function recordingCommandLine(given: Readonly<Record<string, string>> = {}) {
  const switches = new Map(Object.entries(given))
  return {
    switches,
    appendSwitch: (name: string, value = ''): void => void switches.set(name, value),
    appendArgument: (): void => undefined,
    getSwitchValue: (name: string): string => switches.get(name) ?? '',
    hasSwitch: (name: string): boolean => switches.has(name),
    removeSwitch: (name: string): void => void switches.delete(name),
  }
}

it('resolves nothing but loopback', () => {
  const commandLine = recordingCommandLine()
  applyStartSwitches(commandLine)
  expect(commandLine.switches.get('host-resolver-rules')).toBe(resolverRules)
  expect(resolverRules.split(', ')).toEqual([
    'MAP * ~NOTFOUND',
    'EXCLUDE 127.0.0.1',
    'EXCLUDE [::1]',
    'EXCLUDE localhost',
  ])
})

it('adds to the features that somebody else turned off', () => {
  const commandLine = recordingCommandLine({ 'disable-features': 'Theirs' })
  applyStartSwitches(commandLine)
  expect(commandLine.switches.get('disable-features')).toMatch(/^Theirs,.*OptimizationHints/)
})

it('never turns the sandbox off', () => {
  const commandLine = recordingCommandLine()
  applyStartSwitches(commandLine)
  expect(commandLine.hasSwitch('no-sandbox')).toBe(false)
})
