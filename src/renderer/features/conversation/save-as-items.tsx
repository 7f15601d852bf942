import { FileDown } from 'lucide-react'
import type { ReactElement } from 'react'
import { exportFormats } from '../../../shared/export-format.ts'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { MenuItem } from '../../components/menu.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { saveAs } from './save-as.ts'

/** The lines of a menu that save a conversation, or with `answerId` that answer alone. */
export function SaveAsItems({
  id,
  answerId,
}: {
  readonly id: ConversationId
  readonly answerId: MessageId | null
}): ReactElement {
  const { t, language } = useTranslate()
  return (
    <>
      {exportFormats.map((format) => (
        <MenuItem
          key={format}
          icon={<FileDown size={14} />}
          onSelect={() => void saveAs(t, { id, answerId, format, language })}
        >
          {t(`export.${format}`)}
        </MenuItem>
      ))}
    </>
  )
}
