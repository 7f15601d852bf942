import type { TextItem, TextMarkedContent, TextStyle } from 'pdfjs-dist/types/src/display/api.js'
import type { Box } from '../../../shared/anchor.ts'
import { normaliseFlow } from './normalise-text.ts'
import { isUnspacedAt, isUnspacedBefore } from './unspaced-script.ts'

/** Where a text item stands, in page points: origin upper left after rotation, `y` down. */
export interface PlacedItem {
  /** Normalised and trimmed, never empty. */
  readonly text: string
  readonly box: Omit<Box, 'page'>
  /** Direction of its baseline in degrees, 0 for upright text, rounded. */
  readonly angle: number
  /** Along the baseline, from `start` to `end`, and across it (grows from line to line). */
  readonly start: number
  readonly end: number
  readonly across: number
  /** Font size in points, above 0. */
  readonly size: number
  readonly isRightToLeft: boolean
  /** White space was drawn before it. */
  readonly spaceBefore: boolean
  /** It ended with a soft hyphen: the word goes on in the next line. */
  readonly endsSoft: boolean
}

/** Word and LibreOffice draw bullets with symbol fonts, whose characters mean nothing by themselves. */
const symbolBullet = /^[\uE000-\uF8FF](?=\s|$)/

type Matrix = readonly [number, number, number, number, number, number]

/** Items of one page as pdf.js gives them, with their places; items without text only tell of spaces. In pdf.js' order. */
export function placeItems(
  items: readonly (TextItem | TextMarkedContent)[],
  styles: Readonly<Record<string, TextStyle>>,
  viewportTransform: readonly number[],
): readonly PlacedItem[] {
  const view = matrixOf(viewportTransform)
  const placed: PlacedItem[] = []
  let spaceBefore = false
  for (const item of items) {
    if (!('str' in item)) continue
    const text = withoutInnerGaps(normaliseFlow(item.str).replaceAll('\n', ' ')).replace(symbolBullet, '•')
    if (text === '') {
      spaceBefore ||= item.str !== ''
      continue
    }
    const place = placeOf(item, styles[item.fontName], view)
    spaceBefore ||= /^\s/.test(item.str)
    placed.push({
      ...place,
      text,
      spaceBefore,
      isRightToLeft: item.dir === 'rtl',
      endsSoft: item.str.trimEnd().endsWith('\u00AD'),
    })
    spaceBefore = /\s$/.test(item.str)
  }
  return placed
}

/** pdf.js puts a space into every gap of a justified line; between Chinese or Japanese characters none was meant. */
function withoutInnerGaps(text: string): string {
  if (!text.includes(' ')) return text
  return text.replace(/ /g, (space, at: number) =>
    isUnspacedBefore(text, at) && isUnspacedAt(text, at + 1) ? '' : space,
  )
}

function placeOf(
  item: TextItem,
  style: TextStyle | undefined,
  view: Matrix,
): Pick<PlacedItem, 'box' | 'angle' | 'start' | 'end' | 'across' | 'size'> {
  const matrix = multiply(view, matrixOf(item.transform))
  const size = Math.hypot(matrix[2], matrix[3]) || item.height || 1
  const isVertical = style?.vertical === true
  const length = Math.abs(isVertical ? item.height : item.width)
  const radians = Math.atan2(matrix[1], matrix[0]) + (isVertical ? Math.PI / 2 : 0)
  const along = { x: Math.cos(radians), y: Math.sin(radians) }
  // Across points away from the letters' feet: down the page for upright text.
  const across = { x: -along.y, y: along.x }
  const ascent = (isVertical ? 0.5 : usable(style?.ascent, 0.2, 1.5, 0.8)) * size
  const descent = (isVertical ? 0.5 : -usable(style?.descent, -1, 0, -0.2)) * size
  const corners = [-ascent, descent].flatMap((offset) =>
    [0, length].map((distance) => ({
      x: matrix[4] + along.x * distance + across.x * offset,
      y: matrix[5] + along.y * distance + across.y * offset,
    })),
  )
  const left = Math.min(...corners.map((corner) => corner.x))
  const top = Math.min(...corners.map((corner) => corner.y))
  const start = matrix[4] * along.x + matrix[5] * along.y
  return {
    box: {
      x: finite(left),
      y: finite(top),
      width: finite(Math.max(...corners.map((corner) => corner.x)) - left),
      height: finite(Math.max(...corners.map((corner) => corner.y)) - top),
    },
    angle: (Math.round((radians * 180) / Math.PI) + 360) % 360,
    start: finite(start),
    end: finite(start + length),
    across: finite(matrix[4] * across.x + matrix[5] * across.y),
    size: finite(size) || 1,
  }
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[2] * b[1],
    a[1] * b[0] + a[3] * b[1],
    a[0] * b[2] + a[2] * b[3],
    a[1] * b[2] + a[3] * b[3],
    a[0] * b[4] + a[2] * b[5] + a[4],
    a[1] * b[4] + a[3] * b[5] + a[5],
  ]
}

function matrixOf(values: readonly unknown[]): Matrix {
  const at = (index: number): number => {
    const value = values[index]
    return typeof value === 'number' && Number.isFinite(value) ? value : 0
  }
  return [at(0), at(1), at(2), at(3), at(4), at(5)]
}

function usable(value: number | undefined, least: number, most: number, otherwise: number): number {
  return value !== undefined && value >= least && value <= most && value !== 0 ? value : otherwise
}

/** Two decimals are a hundredth of a point; a page of a hostile file may place text at infinity. */
function finite(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : 0
}
