import type { FindingsSummary } from './findings.ts'

/** "searched 5,000 of 5,000 documents, 212 match, 31 could not be read", with what else there is to say. */
export function findingsSentence({ documents, searched, words, apart, similar, unread }: FindingsSummary): string {
  const parts = [
    `Searched ${searched.toLocaleString('en')} of ${countOf(documents, 'document', 'documents')}`,
    `${words.toLocaleString('en')} ${words === 1 ? 'matches' : 'match'}`,
    ...(apart > 0
      ? [`${apart.toLocaleString('en')} more ${apart === 1 ? 'has' : 'have'} all the words, in different passages`]
      : []),
    ...(similar > 0 ? [`${similar.toLocaleString('en')} similar`] : []),
    ...(unread.needsAttention > 0 ? [`${unread.needsAttention.toLocaleString('en')} could not be read`] : []),
    ...(unread.waiting > 0 ? [`${unread.waiting.toLocaleString('en')} not read yet`] : []),
    ...(unread.partly > 0 ? [`${unread.partly.toLocaleString('en')} read only in part`] : []),
    ...(unread.outdated > 0 ? [`${unread.outdated.toLocaleString('en')} in an earlier version`] : []),
  ]
  return `${parts.join(', ')}.`
}

/** "1 document", "1,200 documents". */
export function countOf(number: number, one: string, other: string): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : other}`
}
