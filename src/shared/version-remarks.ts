import type { PassageVersion } from './passage.ts'

/** Where else a passage stands, for a terminal or an agent: a line a document, with the numbers in which it differs. */
export function versionRemarks(
  versions: readonly Pick<PassageVersion, 'documentName' | 'page' | 'isDraft' | 'differences'>[],
): readonly string[] {
  return versions.map(({ documentName, page, isDraft, differences }) => {
    const place = page === null ? documentName : `${documentName}, page ${page}`
    const numbers = differences.map(({ here, there }) =>
      there === null ? `${here} missing there` : here === null ? `${there} only there` : `${there} there, ${here} here`,
    )
    return `also in ${place}${isDraft ? ' (another version)' : ''}${numbers.length === 0 ? '' : `: ${numbers.join('; ')}`}`
  })
}
