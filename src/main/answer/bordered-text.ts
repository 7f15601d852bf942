import type { Passage } from '../../shared/passage.ts'

/** Foreign text in a prompt stands between borders, and no text can close its own. */
function withoutBorders(text: string): string {
  return text.replaceAll(/<(?=\/?\s*(?:passages?|quotations|notes|turn)\b)/gi, '‹')
}

function attribute(text: string): string {
  return text.replaceAll(/["<>\n\r]+/g, ' ').slice(0, 300)
}

const mostNames = 6

/** Other documents with the same passage: a question may be about which hold it. */
function otherNames({ versions }: Passage): string {
  return versions
    .slice(0, mostNames)
    .map(({ documentName }) => documentName)
    .join('; ')
}

/** One passage as data: its number, its place, its text. */
export function borderedPassage(passage: Passage, number: number): string {
  const place = [
    `document="${attribute(passage.documentName)}"`,
    ...(passage.page === null ? [] : [`page="${passage.page}"`]),
    ...(passage.headingPath.length === 0 ? [] : [`section="${attribute(passage.headingPath.join(' > '))}"`]),
    ...(passage.versions.length === 0 ? [] : [`also-in="${attribute(otherNames(passage))}"`]),
  ].join(' ')
  return `<passage number="${number}" ${place}>\n${withoutBorders(passage.text)}\n</passage>`
}

/** Words of documents that were an answer once. */
export function borderedQuotations(text: string): string {
  return `<quotations>\n${withoutBorders(text)}\n</quotations>`
}

/** What a model noted of the earlier conversation. */
export function borderedNotes(text: string): string {
  return `<notes>\n${withoutBorders(text)}\n</notes>`
}

/** A text of the conversation itself. */
export function plainText(text: string): string {
  return withoutBorders(text)
}
