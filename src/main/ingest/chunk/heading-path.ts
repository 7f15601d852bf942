/** A heading that is open where a block stands. `start`: its offset in the document. */
export interface OpenHeading {
  readonly level: number
  readonly start: number
  readonly text: string
}

/** A longer heading is shortened in the path (not in the text): it is a mislabelled paragraph. */
const maxHeadingUnits = 200
/** Deeper nesting than HTML knows is a hostile file. */
const maxDepth = 8

/** The path after a heading: what was open on its level and below is closed. */
export function openHeading(path: readonly OpenHeading[], heading: OpenHeading): readonly OpenHeading[] {
  const text = shortened(heading.text.replace(/\s+/gu, ' ').trim())
  const outer = path.filter(({ level }) => level < heading.level)
  return [...outer.slice(0, maxDepth - 1), { ...heading, text }]
}

function shortened(text: string): string {
  if (text.length <= maxHeadingUnits) return text
  const end = /[\uD800-\uDBFF]/.test(text.charAt(maxHeadingUnits - 2)) ? maxHeadingUnits - 2 : maxHeadingUnits - 1
  return `${text.slice(0, end).trimEnd()}…`
}
