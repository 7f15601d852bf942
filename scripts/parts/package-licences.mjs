// The licences of everything that a package carries: the packages that main loads, and those bundled into the page.
// A package with a copyleft or unknown licence stops the packaging.
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from './failure.mjs'
import { inProject, projectRoot } from './places.mjs'

const permissive = new Set(
  '0BSD Apache-2.0 BlueOak-1.0.0 BSD BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 OFL-1.1 Python-2.0 Unlicense WTFPL Zlib'.split(
    ' ',
  ),
)
/** Packages that forgot to name in package.json what their LICENSE says; read by a person. */
const readByHand = new Map([['json-bignum@0.0.3', 'MIT']])
/** Where package.json names an uploader instead. */
const copyrightHolders = new Map([
  ['onnxruntime-common', 'Microsoft Corporation'],
  ['onnxruntime-node', 'Microsoft Corporation'],
])
const mitText = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`
const licenceFile = /^(licen[cs]e|copying|notice)/i
const width = 100

/**
 * One text with name, version, licence and licence text of every package on board.
 * @throws Failure when one is not under a permissive licence
 */
export async function collectLicences(root = projectRoot) {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  const paths = carriedPackages(packages, await findPagePackages(join(root, 'src', 'renderer')))
  const sections = new Map()
  for (const path of paths) {
    // A package for another platform: in the lock, but neither installed nor carried.
    if (!existsSync(join(root, path))) continue
    const section = await readSection(join(root, path))
    if (section !== null) sections.set(section.title, section.text)
  }
  const titles = [...sections.keys()].sort()
  return [
    'The packages that Carrel carries, each with its licence.',
    ...titles.map((title) => `${'='.repeat(width)}\n${title}\n\n${sections.get(title)}`),
  ].join('\n\n')
}

/**
 * Paths in the lock of all that is loaded at run time, and of all that is bundled: `pagePackages` with everything they depend on.
 */
export function carriedPackages(packages, pagePackages) {
  const carried = new Set(Object.keys(packages).filter((path) => path !== '' && isRuntime(packages[path])))
  const left = pagePackages.map((name) => ({ from: '', name, isOptional: false }))
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const path = findPackage(packages, next.from, next.name)
    if (path === null && next.isOptional) continue
    if (path === null) throw new Failure(`The lock has no ${next.name}: run "npm install", then run this again.`)
    if (carried.has(path)) continue
    carried.add(path)
    const { dependencies = {}, optionalDependencies = {} } = packages[path]
    for (const name of Object.keys(dependencies))
      left.push({ from: path, name, isOptional: name in optionalDependencies })
  }
  return [...carried]
}

/** Whether an SPDX expression lets us choose a permissive licence. */
export function isPermissive(expression) {
  if (typeof expression !== 'string') return false
  const text = expression.replace(/[()]/g, ' ').trim()
  const alternatives = text.split(/\s+OR\s+/)
  return alternatives.some((alternative) => alternative.split(/\s+AND\s+/).every((name) => permissive.has(name.trim())))
}

function isRuntime(entry) {
  return entry.dev !== true && entry.devOptional !== true
}

// Node's own lookup: nested node_modules first, then those of each folder above.
function findPackage(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (packages[path] !== undefined) return path
    if (folder === '') return null
  }
}

async function findPagePackages(folder) {
  const names = new Set()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(ts|tsx|css)$/.test(entry.name)) continue
    const text = await readFile(join(entry.parentPath ?? entry.path, entry.name), 'utf8')
    for (const name of importedPackages(text)) names.add(name)
  }
  return [...names]
}

const packageName = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i

/** Names of the packages that a source file or style sheet imports. */
export function importedPackages(text) {
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport|\burl\()\s*\(?\s*['"]([^'"./][^'"]*)['"]/g)].map(
    (match) => match[1],
  )
  const names = specifiers.map((specifier) => /^(@[^/]+\/[^/]+|[^@/][^/]*)/.exec(specifier)?.[1])
  // What a text on the page merely says ("from", then a quotation mark) is no package.
  return [...new Set(names.filter((name) => name !== undefined && packageName.test(name)))]
}

async function readSection(folder) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  if (manifest.name === 'empty-npm-package') return null // stands in for a package that Carrel does without
  const title = `${manifest.name} ${manifest.version}`
  const licence =
    manifest.license?.type ??
    manifest.license ??
    manifest.licenses?.[0]?.type ??
    readByHand.get(title.replace(' ', '@'))
  if (!isPermissive(licence)) {
    throw new Failure(
      `${title} is under "${licence ?? 'no named licence'}", which does not get into a package: remove it, or read its licence and add it to scripts/parts/package-licences.mjs.`,
    )
  }
  const names = (await readdir(folder)).filter((name) => licenceFile.test(name)).sort()
  const texts = []
  for (const name of names) texts.push((await readFile(join(folder, name), 'utf8').catch(() => '')).trim())
  const body = texts.filter((text) => text !== '').join('\n\n') || withoutText(manifest, licence)
  return { title, text: `${licence}\n\n${body}` }
}

// The licence asks for its text all the same.
function withoutText(manifest, licence) {
  const { name, author, repository, homepage } = manifest
  const who =
    copyrightHolders.get(name) ?? (typeof author === 'string' ? author : author?.name) ?? `the ${name} authors`
  const where = homepage ?? (typeof repository === 'string' ? repository : repository?.url) ?? 'no address given'
  if (licence === 'MIT') return `Copyright (c) ${who} (${where})\n\n${mitText}`
  if (licence === 'Apache-2.0') return `Copyright ${who} (${where})\n\nThe text of this licence is under apache-arrow.`
  throw new Failure(
    `${name} carries no text of its licence (${licence}): add what it needs to scripts/parts/package-licences.mjs.`,
  )
}

/** The place that electron-builder.yml takes the text from. */
export const licencesFile = inProject('release', 'notices', 'PACKAGE-LICENCES.txt')
