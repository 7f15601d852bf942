import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { placeWindow, readWindowState, writeWindowState } from '../../../../src/main/electron/window-state.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }

describe('placeWindow', () => {
  it('opens where it was', () => {
    const bounds = { x: 100, y: 50, width: 1200, height: 800 }
    expect(placeWindow(bounds, [screen])).toEqual(bounds)
  })

  it('opens in the middle, at the usual size, when that screen is gone', () => {
    expect(placeWindow({ x: 2500, y: 50, width: 1200, height: 800 }, [screen])).toEqual({ width: 1440, height: 900 })
    expect(placeWindow(null, [screen])).toEqual({ width: 1440, height: 900 })
  })

  it('never opens below 900x600, nor larger than a small screen without need', () => {
    expect(placeWindow({ x: 0, y: 0, width: 300, height: 10 }, [screen])).toEqual({
      x: 0,
      y: 0,
      width: 900,
      height: 600,
    })
    expect(placeWindow(null, [{ ...screen, width: 1280, height: 720 }])).toEqual({ width: 1280, height: 720 })
    expect(placeWindow(null, [])).toEqual({ width: 1440, height: 900 })
  })

  it('does not leave the title bar out of reach', () => {
    expect(placeWindow({ x: 0, y: -300, width: 1200, height: 800 }, [screen])).toEqual({ width: 1440, height: 900 })
    expect(placeWindow({ x: 1900, y: 0, width: 1200, height: 800 }, [screen])).toEqual({ width: 1440, height: 900 })
  })
})

describe('the file', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'carrel-window-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('comes back as written, with nothing left beside it', async () => {
    const state = { bounds: { x: 1, y: 2, width: 1000, height: 700 }, isMaximized: true, theme: 'dark' as const }
    writeWindowState(join(folder, 'window.json'), state)
    expect(readWindowState(join(folder, 'window.json'))).toEqual(state)
    expect(await readdir(folder)).toEqual(['window.json'])
  })

  it.each(['', '{', '[]', 'null', '{"bounds":{"x":"a"},"theme":"dark"}'])(
    'damaged as %j, it costs only what is damaged',
    async (text) => {
      await writeFile(join(folder, 'window.json'), text)
      const state = readWindowState(join(folder, 'window.json'))
      expect(state).toEqual({ bounds: null, isMaximized: false, theme: text.includes('dark') ? 'dark' : 'system' })
    },
  )

  it('is not needed', () => {
    expect(readWindowState(join(folder, 'absent.json'))).toEqual({ bounds: null, isMaximized: false, theme: 'system' })
  })
})
