import { expect, test } from 'vitest'
import { hasDisplay } from '../../../scripts/parts/display.mjs'
import {
  appEnvironment,
  nodeEnvironment,
  sandboxArguments,
  withUtf8Locale,
} from '../../../scripts/parts/electron-environment.mjs'
import { parseChecksumList } from '../../../scripts/parts/electron-fallback.mjs'
import { platformBinary } from '../../../scripts/parts/electron.mjs'
import { requireNode } from '../../../scripts/parts/failure.mjs'
import { isGoNewEnough } from '../../../scripts/parts/ollama-install.mjs'
import { formatElapsed } from '../../../scripts/parts/progress.mjs'
import { reasonIn } from '../../../scripts/parts/run-command.mjs'
import { parseMissingLibraries } from '../../../scripts/parts/shared-libraries.mjs'
import { isInstallable } from '../../../scripts/parts/system-packages.mjs'
import { parseTestArguments } from '../../../scripts/parts/test-arguments.mjs'

test('ldd: only libraries that were not found, each once', () => {
  const output = [
    '\tlinux-vdso.so.1 (0x00007ffc)',
    '\tlibgtk-3.so.0 => not found',
    '\tlibnss3.so => /lib/x86_64-linux-gnu/libnss3.so (0x00007f)',
    '\tlibgbm.so.1 => not found',
    '\tlibgtk-3.so.0 => not found',
  ].join('\n')
  expect(parseMissingLibraries(output)).toEqual(['libgtk-3.so.0', 'libgbm.so.1'])
  expect(parseMissingLibraries('\tnot a dynamic executable')).toEqual([])
})

test('apt-cache policy: a package without a candidate is not installable', () => {
  const output =
    'libasound2:\n  Installed: (none)\n  Candidate: (none)\nlibasound2t64:\n  Installed: (none)\n  Candidate: 1.2.11\n'
  expect(isInstallable('libasound2', output)).toBe(false)
  expect(isInstallable('libasound2t64', output)).toBe(true)
  expect(isInstallable('libnss3t64', output)).toBe(false)
})

test('a display is needed on Linux only', () => {
  expect(hasDisplay({}, 'linux')).toBe(false)
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true)
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true)
  expect(hasDisplay({}, 'darwin')).toBe(true)
})

test('ELECTRON_RUN_AS_NODE never reaches the app, and always the command line', () => {
  expect(appEnvironment({ ELECTRON_RUN_AS_NODE: '1', LANG: 'C.UTF-8' })).not.toHaveProperty('ELECTRON_RUN_AS_NODE')
  expect(nodeEnvironment({ LANG: 'C.UTF-8' })).toMatchObject({ ELECTRON_RUN_AS_NODE: '1' })
})

test.each([
  [{ LANG: 'zh_CN.UTF-8' }, { LANG: 'zh_CN.UTF-8' }],
  [{ LANG: 'en_US.utf8' }, { LANG: 'en_US.utf8' }],
  [{}, { LANG: 'C.UTF-8' }],
  [{ LANG: 'C' }, { LANG: 'C.UTF-8' }],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, { LANG: 'C.UTF-8' }],
])('locale %j becomes %j', (given, wanted) => {
  expect(withUtf8Locale(given, 'linux')).toEqual(wanted)
})

test('the sandbox is off for root alone', () => {
  expect(sandboxArguments(0)).toEqual(['--no-sandbox'])
  expect(sandboxArguments(1000)).toEqual([])
})

test('checksum lists: text and binary lines, names with spaces', () => {
  const a = 'a'.repeat(64)
  expect(parseChecksumList(`${a}  LICENSE\n${a} *./locales/de.pak\n${a}  a b\nnonsense\n`)).toEqual([
    { path: 'LICENSE', sha256: a },
    { path: 'locales/de.pak', sha256: a },
    { path: 'a b', sha256: a },
  ])
})

test('the program has its own place on each platform', () => {
  expect(['linux', 'darwin', 'win32'].map(platformBinary)).toEqual([
    'electron',
    'Electron.app/Contents/MacOS/Electron',
    'electron.exe',
  ])
})

test('versions that are too old are named', () => {
  expect(() => requireNode('18.20.0')).toThrow(/Node 18.20.0 is too old/)
  expect(() => requireNode('20.11.1')).toThrow(/20.19/)
  expect(() => requireNode('20.19.0')).not.toThrow()
  expect(() => requireNode('24.1.0')).not.toThrow()
  expect(['go1.23.9', 'go1.24', 'go1.26.8', 'go2.0', ''].map(isGoNewEnough)).toEqual([false, true, true, true, false])
})

test('elapsed time reads well', () => {
  expect([0, 840, 12_400, 75_000].map(formatElapsed)).toEqual(['0.0 s', '0.8 s', '12 s', '1 min 15 s'])
})

test('the reason is taken out of a long output', () => {
  expect(reasonIn('npm error code ECONNREFUSED\nnpm error errno ECONNREFUSED\n')).toBe('ECONNREFUSED')
  expect(reasonIn('E: Unable to locate package x\n')).toBe('E: Unable to locate package x')
  expect(reasonIn('')).toBe('no reason given')
})

test('test arguments: all runners, some of them, or filters for Vitest', () => {
  expect(parseTestArguments([])).toEqual({ runners: ['static', 'vitest', 'e2e'], rest: [] })
  expect(parseTestArguments(['unit'])).toEqual({ runners: ['vitest'], rest: ['unit'] })
  expect(parseTestArguments(['--only=e2e', 'stop.spec', '-g', 'Esc'])).toEqual({
    runners: ['e2e'],
    rest: ['stop.spec', '-g', 'Esc'],
  })
  expect(parseTestArguments(['--only=e2e,static']).runners).toEqual(['static', 'e2e'])
  expect(parseTestArguments(['--only=slow', 'six']).runners).toEqual(['slow'])
  expect(() => parseTestArguments(['--only=jest'])).toThrow(/no test runner/)
})
