import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { resourcesFolderOf } from '../../../src/cli/resources-folder.ts'

it('finds the resources in the project', () => {
  expect(resourcesFolderOf(resolve('/home/reader/carrel'))).toBe(resolve('/home/reader/carrel/resources'))
})

it('finds them beside the archive of a package, wherever that was put', () => {
  const packaged = resolve('/opt/阅览 app.asar/resources')
  expect(resourcesFolderOf(join(packaged, 'app.asar'))).toBe(packaged)
})
