import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { expect, it } from 'vitest'
import { readmePictures, readmeSize } from '../../../scripts/screenshots/readme-pictures.ts'
import { smallPng } from '../../../scripts/screenshots/small-png.ts'

const project = resolve(import.meta.dirname, '..', '..', '..')
const folder = join(project, 'docs', 'screenshots')

it('the README shows pictures that are there, with words for who cannot see them', () => {
  const readme = readFileSync(join(project, 'README.md'), 'utf8')
  const shown = new Set([...readme.matchAll(/docs\/screenshots\/([\w-]+)\.png/g)].map((match) => match[1]))
  expect([...shown].toSorted()).toEqual([...readmePictures].toSorted())
  for (const [image] of readme.matchAll(/<img[^>]*>/g)) expect(image).toMatch(/alt="[^"]{20,}"/)
})

it('every kept picture is a PNG of the stated size, and together they stay small', () => {
  expect(readdirSync(folder).toSorted()).toEqual(readmePictures.map((name) => `${name}.png`).toSorted())
  let bytes = 0
  for (const name of readmePictures) {
    const png = readFileSync(join(folder, `${name}.png`))
    bytes += png.length
    expect(png.subarray(0, 8), name).toEqual(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]))
    expect({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) }, name).toEqual(readmeSize)
  }
  expect(bytes).toBeLessThan(2 * 1024 * 1024)
})

it('a picture made small keeps its common colours exactly, and no colour moves far', async () => {
  const [width, height] = [64, 48]
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.fillStyle = '#f7f5f0'
  context.fillRect(0, 0, width, height)
  for (let x = 0; x < 40; x += 1) {
    for (let y = 0; y < 20; y += 1) {
      context.fillStyle = `rgb(${x * 6} ${y * 12} ${(x + y) * 4})`
      context.fillRect(x, y, 1, 1)
    }
  }
  const small = await smallPng(canvas.toBuffer('image/png'))
  const redrawn = createCanvas(width, height).getContext('2d')
  redrawn.drawImage(await loadImage(small), 0, 0)
  const before = context.getImageData(0, 0, width, height).data
  const after = redrawn.getImageData(0, 0, width, height).data
  expect(after.slice(-4)).toEqual(before.slice(-4))
  const moved = before.reduce((most, value, at) => Math.max(most, Math.abs(value - (after[at] ?? 0))), 0)
  expect(moved).toBeLessThanOrEqual(32)
})
