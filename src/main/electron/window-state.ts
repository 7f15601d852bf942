import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { settingsSchema } from '../../shared/settings.ts'

/** In pixels of the screen, independent of its scale. */
export const minimumSize = { width: 900, height: 600 }
const usualSize = { width: 1440, height: 900 }

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
})
/** A rectangle on the desktop. */
export type Bounds = z.infer<typeof boundsSchema>

/** What is remembered of the window: only a damaged or missing value falls back, one by one. */
export const windowStateSchema = z.object({
  bounds: boundsSchema.nullable().default(null).catch(null),
  isMaximized: z.boolean().default(false).catch(false),
  /** The chosen theme, here too so that the first paint has the right colour before the library is open. */
  theme: settingsSchema.shape.theme,
})
export type WindowState = z.infer<typeof windowStateSchema>

const emptyState: WindowState = windowStateSchema.parse({})

/** A missing or damaged file gives the usual size: it is a convenience, never a reason not to open. */
export function readWindowState(file: string): WindowState {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    if (cause instanceof Error) return emptyState
    throw cause
  }
}

/** Whole or not at all. @throws the system's error when the folder cannot be written. */
export function writeWindowState(file: string, state: WindowState): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(state)}\n`, { flush: true })
  renameSync(`${file}.new`, file)
}

/**
 * Where the window opens: the remembered place if at least a grip of it is on a screen that is there now, else the usual
 * size (or what the screen has) in the middle, which is what an absent x and y mean.
 */
export function placeWindow(
  remembered: Bounds | null,
  workAreas: readonly Bounds[],
): { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number } {
  if (remembered !== null && workAreas.some((area) => isGraspable(remembered, area))) {
    return {
      x: remembered.x,
      y: remembered.y,
      width: Math.max(minimumSize.width, remembered.width),
      height: Math.max(minimumSize.height, remembered.height),
    }
  }
  const area = workAreas[0]
  return {
    width: Math.max(minimumSize.width, Math.min(usualSize.width, area?.width ?? usualSize.width)),
    height: Math.max(minimumSize.height, Math.min(usualSize.height, area?.height ?? usualSize.height)),
  }
}

/** At least 100 pixels of the title bar are inside. */
function isGraspable(bounds: Bounds, area: Bounds): boolean {
  const visibleWidth = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)
  return visibleWidth >= 100 && bounds.y >= area.y && bounds.y <= area.y + area.height - 40
}
