import { assertNever } from '../../../shared/assert-never.ts'
import type { Claim } from '../../../shared/citation-check.ts'
import type { Translate } from '../../i18n/translate.ts'

/** Whether a reader should look: the mark says so in the text. */
export function isRemarkable(claim: Pick<Claim, 'finding'>): boolean {
  return claim.finding === 'differs' || claim.finding === 'little-overlap'
}

/** What the citation check found, in plain words; never whether it is true. */
export function findingText(t: Translate, claim: Pick<Claim, 'finding' | 'differences' | 'numbers' | 'names'>): string {
  const { finding, differences, numbers, names } = claim
  switch (finding) {
    case 'quoted':
      return t('finding.quoted')
    case 'matches':
      return numbers > 0 && names > 0
        ? t('finding.numbers-and-names')
        : numbers > 0
          ? t('finding.numbers')
          : names > 0
            ? t('finding.names')
            : t('finding.words')
    case 'differs':
      return differences
        .map(({ claimed, found }) =>
          found === null ? t('finding.missing', { claimed }) : t('finding.differs', { claimed, found }),
        )
        .join(t('finding.between'))
    case 'little-overlap':
      return t('finding.little-overlap')
    case 'other-language':
      return numbers > 0 ? t('finding.other-language-numbers') : t('finding.other-language')
    default:
      return assertNever(finding)
  }
}
