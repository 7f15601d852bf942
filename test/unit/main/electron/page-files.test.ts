import { join, resolve, sep } from 'node:path'
import { fc, it as property } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { mimeTypeOf, pageFileOf } from '../../../../src/main/electron/page-files.ts'

const folder = resolve('/opt/carrel/out/renderer')

it('serves files below the folder', () => {
  expect(pageFileOf(folder, 'app://carrel/')).toBe(join(folder, 'index.html'))
  expect(pageFileOf(folder, 'app://carrel/assets/index-1.js?x=1#y')).toBe(join(folder, 'assets', 'index-1.js'))
  expect(pageFileOf(folder, 'app://carrel/%E6%96%87.png')).toBe(join(folder, '文.png'))
})

it.each([
  'app://other/index.html',
  'https://carrel/index.html',
  'file:///etc/passwd',
  'not an address',
  'app://carrel/..%2f..%2fpackage.json',
  'app://carrel/%2e%2e%2f%2e%2e%2fpackage.json',
  'app://carrel/a%5c..%5c..%5cpackage.json',
  'app://carrel/a%00.js',
  'app://carrel/%E0%A4%A',
])('refuses %s', (url) => {
  expect(pageFileOf(folder, url)).toBeNull()
})

property.prop([fc.array(fc.constantFrom('..', '.', '%2e%2e', '%2f', '/', '%5c', 'a', '', '%25', '%00'))])(
  'never leaves the folder',
  (parts) => {
    const file = pageFileOf(folder, `app://carrel/${parts.join('/')}`)
    if (file !== null) expect(resolve(file).startsWith(folder + sep)).toBe(true)
  },
)

it('names the types that a page needs and nothing executable for the rest', () => {
  expect(mimeTypeOf('a.js')).toContain('text/javascript')
  expect(mimeTypeOf('a.WASM')).toBe('application/wasm')
  expect(mimeTypeOf('a.exe')).toBe('application/octet-stream')
})
