import { expect, it } from 'vitest'
import { carriedPackages, importedPackages, isPermissive } from '../../../scripts/parts/package-licences.mjs'

it('accepts a licence only when one permissive choice covers all of it', () => {
  for (const good of ['MIT', '(MIT AND Zlib)', '(MIT OR GPL-3.0-or-later)', 'MPL-2.0 OR Apache-2.0', '0BSD'])
    expect(isPermissive(good), good).toBe(true)
  for (const bad of ['GPL-3.0', 'LGPL-2.1+', 'MPL-2.0', 'MIT AND GPL-2.0-only', 'SEE LICENSE IN x', '', undefined])
    expect(isPermissive(bad), String(bad)).toBe(false)
})

it('finds the packages that a page file imports, and no file of its own', () => {
  const text = `import { a } from 'react'\nimport type { b } from '@scope/name/deep'\nimport 'tailwindcss'\nimport { c } from './near.ts'
    const late = import('streamdown')\nimport { d } from 'react-dom/client'\n@import '../far.css'
    say: 'kept from', 'another'; src: url('@faces/serif/files/latin.woff2') format('woff2'); background: url('./near.png')`
  expect(importedPackages(text).sort()).toEqual([
    '@faces/serif',
    '@scope/name',
    'react',
    'react-dom',
    'streamdown',
    'tailwindcss',
  ])
})

it('carries what runs and what is bundled, with everything that needs, and no tool', () => {
  const packages = {
    '': {},
    'node_modules/driver': {},
    'node_modules/tool': { dev: true },
    'node_modules/page': { dev: true, dependencies: { leaf: '1' } },
    'node_modules/leaf': { dev: true, version: '2' },
    'node_modules/page/node_modules/leaf': { dev: true, dependencies: { deep: '1' } },
    'node_modules/deep': { dev: true },
  }
  expect(carriedPackages(packages, ['page']).sort()).toEqual([
    'node_modules/deep',
    'node_modules/driver',
    'node_modules/page',
    'node_modules/page/node_modules/leaf',
  ])
  expect(() => carriedPackages(packages, ['absent'])).toThrow('absent')
})
