import { expect, test } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { waitUntilReady } from './support/library.ts'

/** `npm run chaos:quit` does two hundred in the terminal. */
const rounds = 3

test('the app ends with 0 each time after it has embedded a document', async () => {
  await using data = await makeFolder('carrel-data-')
  await using files = await makeFolder('carrel-files-')
  for (let round = 1; round <= rounds; round += 1) {
    const path = join(files.path, `round ${round}.md`)
    await writeFile(
      path,
      `# Round ${round}\n\nThe keeper writes depth ${round} into the log.\n\n第${round}轮：租约自签字之日起生效。\n`,
    )
    await using app = await launchCarrel({ dataFolder: data.path })
    await dropFiles(app.page, [path])
    await waitUntilReady(app.page, round)
    // Asked for before: afterwards nothing answers any more.
    const child = app.application.process()
    await app.quit()
    expect(child.exitCode).toBe(0)
  }
})
