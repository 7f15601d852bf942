import { expect, test } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TypesetBlock, typeset } from '../support/documents/pdf-typesetter.ts'
import { writePdf } from '../support/documents/pdf-writer.ts'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, readNewestConversation, waitUntilReady } from './support/library.ts'
import { textUnderMarks } from './support/text-under-marks.ts'

const english: readonly TypesetBlock[] = [
  { style: 'heading', text: 'The lease of the water mill' },
  {
    style: 'body',
    text: 'The mill wheel is greased by the tenant in spring. Either side may end the lease of the mill with 60 days of written notice to the other. The rent is 900 pounds a quarter, paid in advance at the office of the estate.',
  },
]
const chinese: readonly TypesetBlock[] = [
  { style: 'heading', text: '水磨坊租约' },
  {
    style: 'body',
    text: '春季由承租人为水轮上油。任何一方终止租约，须提前60日书面通知对方。租金为每季度900元，在庄园办公室预先支付。',
  },
]

test('what the check found stands quietly in the text: hover and focus explain it, and the page shows the very sentence', async () => {
  await using folder = await makeFolder('carrel-check-')
  await using server = await startRecordingModelServer({
    answer: {
      tokens: [
        'Either side may end the lease of the mill with 30 days of written notice [1]. ',
        'The rent is 900 pounds a quarter [1]. ',
        'In 1998 the mill was sold for 4,200 pounds.',
      ],
      gapMs: 1,
    },
  })
  await using app = await launchCarrel({ ollamaHost: server.url })
  const { page } = app
  const path = join(folder.path, 'mill.pdf')
  await writeFile(path, writePdf({ pages: typeset(english) }))
  await dropFiles(page, [path])
  await waitUntilReady(page, 1)
  await ask(page, 'How can the lease of the mill be ended?')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')

  const [notice, rent] = [page.getByTestId('citation').nth(0), page.getByTestId('citation').nth(1)]
  await expect(notice).toHaveAttribute('data-remark', '')
  await expect(notice).toHaveAccessibleName('Source 1: mill.pdf, Differs: 30 days ≠ 60 days.')
  await expect(rent).not.toHaveAttribute('data-remark')
  await expect(rent).toHaveAccessibleName('Source 1: mill.pdf')

  // By the pointer, then by the keyboard.
  await notice.hover()
  await expect(page.getByTestId('finding')).toHaveText('Differs: 30 days ≠ 60 days.')
  await page.mouse.move(0, 0)
  await expect(page.getByTestId('finding')).toHaveCount(0)
  await notice.focus()
  await expect(page.getByTestId('finding')).toHaveText('Differs: 30 days ≠ 60 days.')
  await page.keyboard.press('Tab')
  await expect(rent).toBeFocused()
  // The card before it closes a moment later.
  await expect(page.getByTestId('finding')).toHaveText(['Numbers match.'])

  const uncited = page.getByTestId('uncited')
  await expect(uncited).toHaveCount(1)
  await expect(uncited).toHaveAccessibleName('A fact without a citation.')
  await page.keyboard.press('Tab')
  await expect(uncited).toBeFocused()
  await expect(page.getByRole('tooltip')).toHaveText('A fact without a citation.')

  // On the real page the sentence that the claim rests on is marked more strongly, within the passage's mark.
  await notice.press('Enter')
  await expect(page.getByTestId('pdf-mark-strong').first()).toBeVisible()
  await expect(page.locator('.pdf-text span').first()).toBeAttached()
  const folded = (text: string): string => text.replaceAll(/\s+/g, '')
  await expect
    .poll(() => textUnderMarks(page, '.pdf-mark[data-strong]'))
    .toBe(folded('Either side may end the lease of the mill with 60 days of written notice to the other.'))
  const passage = (await readNewestConversation(page)).turns.at(-1)?.sources[0]?.text ?? ''
  expect(folded(await textUnderMarks(page, '.pdf-mark:not([data-strong])'))).toBe(folded(passage))
  await rent.press('Enter')
  await expect
    .poll(() => textUnderMarks(page, '.pdf-mark[data-strong]'))
    .toBe(folded('The rent is 900 pounds a quarter, paid in advance at the office of the estate.'))

  await page.getByRole('button', { name: 'Show the text as it was read' }).click()
  await expect(page.locator('[data-testid="evidence-mark"][data-strong]')).toContainText(['900 pounds a quarter'])
})

test('the same in Chinese', async () => {
  await using folder = await makeFolder('carrel-check-')
  await using server = await startRecordingModelServer({
    answer: { tokens: ['终止租约须提前30日书面通知对方[1]。', '租金为每季度900元[1]。'], gapMs: 1 },
  })
  await using app = await launchCarrel({ ollamaHost: server.url })
  const { page } = app
  await page.evaluate(() => window.api.request('settings:set', { language: 'zh-CN' }))
  const path = join(folder.path, '水磨坊.pdf')
  await writeFile(path, writePdf({ pages: typeset(chinese, { isChinese: true }) }))
  await dropFiles(page, [path])
  await waitUntilReady(page, 1)
  await ask(page, '终止水磨坊租约须提前多久通知？')
  await expect(page.getByTestId('answer')).toHaveAttribute('data-state', 'complete')
  const notice = page.getByTestId('citation').first()
  await expect(notice).toHaveAttribute('data-remark', '')
  await expect(notice).toHaveAccessibleName(/30日 ≠ 60日/)
  await notice.focus()
  await expect(page.getByTestId('finding')).toContainText('30日 ≠ 60日')
  await notice.press('Enter')
  await expect(page.locator('.pdf-text span').first()).toBeAttached()
  await expect
    .poll(() => textUnderMarks(page, '.pdf-mark[data-strong]'))
    .toBe('任何一方终止租约，须提前60日书面通知对方。')
})
