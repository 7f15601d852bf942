import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { resolvePaths } from '../../../../src/main/electron/paths.ts'

const facts = {
  programArguments: ['.'],
  environment: {},
  workingFolder: resolve('/home/reader'),
  appDataFolder: resolve('/home/reader/.config'),
  appFolder: resolve('/opt/carrel'),
  resourcesFolder: resolve('/opt/carrel/resources'),
}

it('keeps the library in the platform folder when nothing was asked', () => {
  expect(resolvePaths(facts).dataFolder).toBe(resolve('/home/reader/.config/carrel'))
})

it('takes --data before CARREL_DATA, relative to where the person is', () => {
  const environment = { CARREL_DATA: 'from-environment' }
  expect(resolvePaths({ ...facts, environment }).dataFolder).toBe(resolve('/home/reader/from-environment'))
  for (const programArguments of [
    ['.', '--data', '资料'],
    ['.', '--data=资料', '--verbose'],
  ]) {
    expect(resolvePaths({ ...facts, environment, programArguments }).dataFolder).toBe(resolve('/home/reader/资料'))
  }
})

it('ignores an empty folder name instead of using the working folder as the library', () => {
  const asked = { ...facts, programArguments: ['.', '--data='], environment: { CARREL_DATA: '' } }
  expect(resolvePaths(asked).dataFolder).toBe(resolve('/home/reader/.config/carrel'))
})

it('puts the browser profile inside the data folder, so that two libraries never share one', () => {
  const paths = resolvePaths({ ...facts, programArguments: ['.', '--data', 'a'] })
  expect(paths.browserFolder).toBe(join(paths.dataFolder, 'browser'))
})
