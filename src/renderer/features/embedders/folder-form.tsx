import { type ReactElement, useState } from 'react'
import type { EmbedderProposal, FolderChoices } from '../../../shared/embedder.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import { Choice } from '../../components/choice.tsx'
import { formatBytes } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { Row } from '../settings/setting-row.tsx'
import { type CommonChoices, EmbedderForm, fieldLook } from './embedder-form.tsx'
import { useEmbedders } from './embedders-store.ts'

type Pooling = FolderChoices['pooling']
const poolings: readonly Pooling[] = ['mean', 'cls', 'last']
const unknown = 'unknown'
const fewestTokens = 16
/** The longest passage that Carrel cuts: below, an embedder reads some of them in pieces. */
const wholePassageTokens = 256
const mostTokens = 32_768

/** A folder that was chosen: what its configuration says stands there, what it does not say is asked for. */
export function FolderForm({
  proposal,
  onClose,
}: {
  readonly proposal: EmbedderProposal
  readonly onClose: () => void
}): ReactElement {
  const { t, language } = useTranslate()
  const addFolder = useEmbedders((state) => state.addFolder)
  const [name, setName] = useState(proposal.name)
  const [pooling, setPooling] = useState<Pooling | null>(proposal.pooling)
  const [limit, setLimit] = useState(proposal.limitTokens === null ? '' : String(proposal.limitTokens))
  const [common, setCommon] = useState<CommonChoices>({
    questionPrefix: proposal.questionPrefix,
    passagePrefix: proposal.passagePrefix,
    languages: proposal.languages ?? 'many',
  })
  const [error, setError] = useState<SerializedAppError | null>(null)
  const [isAdding, setAdding] = useState(false)
  const limitTokens = Number(limit)
  const isLimit = Number.isInteger(limitTokens) && limitTokens >= fewestTokens && limitTokens <= mostTokens
  const add = async (): Promise<void> => {
    if (pooling === null) return
    setAdding(true)
    const problem = await addFolder({ name: name.trim(), pooling, limitTokens, ...common })
    setAdding(false)
    setError(problem)
    if (problem === null) onClose()
  }
  return (
    <EmbedderForm
      title={t('embedders.folder-title', { name: proposal.name })}
      detail={t('embedders.folder-detail', { size: formatBytes(proposal.sizeBytes, language) })}
      common={common}
      onCommon={setCommon}
      canAdd={name.trim() !== '' && pooling !== null && isLimit}
      isAdding={isAdding}
      error={error}
      onAdd={() => void add()}
      onClose={onClose}
    >
      <Row label={t('embedders.name')}>
        <input
          aria-label={t('embedders.name')}
          value={name}
          maxLength={100}
          spellCheck={false}
          onChange={(event) => setName(event.target.value)}
          className={fieldLook}
        />
      </Row>
      <Row
        label={t('embedders.pooling')}
        {...(proposal.pooling === null ? { detail: t('embedders.pooling-asked') } : {})}
      >
        <Choice
          label={t('embedders.pooling')}
          value={pooling ?? unknown}
          onChange={(value) => setPooling(poolings.find((known) => known === value) ?? null)}
          options={[
            ...(pooling === null ? [{ value: unknown, text: t('embedders.pooling-choose') }] : []),
            ...poolings.map((value) => ({ value, text: t(`pooling.${value}`) })),
          ]}
        />
      </Row>
      <Row
        label={t('embedders.limit')}
        {...(isLimit && limitTokens < wholePassageTokens
          ? { detail: t('embedders.limit-pieces') }
          : proposal.limitTokens === null
            ? { detail: t('embedders.limit-asked') }
            : {})}
      >
        <input
          aria-label={t('embedders.limit')}
          inputMode="numeric"
          value={limit}
          maxLength={6}
          placeholder="512"
          aria-invalid={limit !== '' && !isLimit}
          onChange={(event) => setLimit(event.target.value)}
          className={`${fieldLook} tabular aria-invalid:border-error`}
        />
      </Row>
    </EmbedderForm>
  )
}
