import type { CitationCheck, Claim } from '../../../shared/citation-check.ts'

/**
 * How citation marks travel through Markdown. Main sends `[3]`, and beside the text what it knows of each mark. Markdown keeps no
 * places, so the page writes that into the mark itself, in characters of a private area that survive every rule: U+E000 for a mark
 * that Carrel added, U+E100 and on for the claim of the source that the check looked at, U+E001 where a fact cites nothing. None
 * of them can come from a model: {@link withoutPretendedMarks} replaces them in everything that arrives.
 */
const addedMark = '\uE000'
const uncitedMark = '\uE001'
const firstClaim = 0xe100
const claimClass = String.raw`[\uE100-\uE8FF]`
const mostClaims = 0x800

/** A citation mark in text: an added one's sign or nothing, its claim or nothing, the number (1-999); or a fact without one. */
const markPattern = new RegExp(String.raw`\[(${addedMark}?)(${claimClass}?)([1-9]\d{0,2})\]|${uncitedMark}`, 'g')
const privatePattern = /[\uE000\uE001\uE100-\uE8FF]/g

/** @returns text in which nothing pretends to be a sign of Carrel's own. The length stays, since offsets count in it. */
export function withoutPretendedMarks(text: string): string {
  return text.replaceAll(privatePattern, '\uFFFD')
}

/** @returns the text as main has it. */
export function withoutPrivateMarks(text: string): string {
  return text.replaceAll(privatePattern, '')
}

/** Marks every citation in `text` as added by Carrel. */
export function markAddedCitations(text: string): string {
  return text.replace(/\[([1-9]\d{0,2})\]/g, `[${addedMark}$1]`)
}

/**
 * Writes into the marks of a whole answer what its check found. `text` may hold signs of added marks already; they stay.
 * `check` null: nothing is known of the answer as a whole.
 */
export function markChecked(
  text: string,
  sources: readonly { readonly number: number; readonly claims: readonly Pick<Claim, 'start' | 'end'>[] }[],
  check: CitationCheck | null,
): string {
  const raw = withoutPrivateMarks(text)
  const added = new Set([...(check?.addedMarks ?? []), ...addedOffsets(text)])
  const uncited = new Set((check?.uncited ?? []).map(({ end }) => end))
  const claims = new Map(sources.map((source) => [source.number, source.claims]))
  let marked = ''
  let at = 0
  const copy = (until: number): void => {
    for (const end of [...uncited].filter((offset) => offset > at && offset <= until).toSorted((a, b) => a - b)) {
      marked += raw.slice(at, end) + uncitedMark
      at = end
    }
    marked += raw.slice(at, until)
    at = until
  }
  for (const { 0: mark, 1: digits = '', index } of raw.matchAll(/\[([1-9]\d{0,2})\]/g)) {
    copy(index)
    const claim = (claims.get(Number(digits)) ?? []).findIndex(({ start, end }) => start <= index && index < end)
    const sign = claim < 0 || claim >= mostClaims ? '' : String.fromCharCode(firstClaim + claim)
    marked += `[${added.has(index) ? addedMark : ''}${sign}${digits}]`
    at = index + mark.length
  }
  copy(raw.length)
  return marked
}

/** The pieces of a text, in order. `claim`: which one of the source's claims, null where none was looked at. */
export type CitedPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'citation'; readonly number: number; readonly isAdded: boolean; readonly claim: number | null }
  | { readonly type: 'uncited' }

/** Cuts a text at its citation marks. */
export function splitCitations(text: string): readonly CitedPiece[] {
  const pieces: CitedPiece[] = []
  let at = 0
  for (const match of text.matchAll(markPattern)) {
    if (match.index > at) pieces.push({ type: 'text', text: text.slice(at, match.index) })
    const [mark, added = '', claim = '', digits] = match
    pieces.push(
      digits === undefined
        ? { type: 'uncited' }
        : {
            type: 'citation',
            number: Number(digits),
            isAdded: added !== '',
            claim: claim === '' ? null : claim.charCodeAt(0) - firstClaim,
          },
    )
    at = match.index + mark.length
  }
  if (at < text.length) pieces.push({ type: 'text', text: text.slice(at) })
  return pieces
}

/** Where added marks stand, in the text without private signs. */
function addedOffsets(text: string): readonly number[] {
  const offsets: number[] = []
  for (const match of text.matchAll(markPattern)) {
    if (match[1] !== addedMark) continue
    offsets.push(withoutPrivateMarks(text.slice(0, match.index)).length)
  }
  return offsets
}
