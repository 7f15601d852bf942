import { expect, test } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropFiles } from './support/drop-files.ts'
import { launchCarrel, makeFolder, type RunningApp } from './support/launch.ts'
import { readStatus, waitUntilReady } from './support/library.ts'

const documentCount = 30

/** Long enough that the import is still going on when the first worker has begun. */
async function writeManyDocuments(folder: string): Promise<void> {
  for (let number = 1; number <= documentCount; number++) {
    const paragraphs = Array.from(
      { length: 12 },
      (_none, index) => `Paragraph ${index} of file ${number}. ${'The desk by the window is free. '.repeat(12)}`,
    )
    await writeFile(join(folder, `文档 ${number}.md`), `# File ${number}\n\n${paragraphs.join('\n\n')}\n`)
  }
}

function workerPids({ application }: RunningApp, name: string): Promise<readonly number[]> {
  return application.evaluate(
    ({ app }, wanted) =>
      app
        .getAppMetrics()
        .filter((metric) => metric.name === wanted || metric.serviceName === wanted)
        .map((metric) => metric.pid),
    name,
  )
}

for (const entry of ['parser', 'embedder']) {
  test(`a killed ${entry} loses nothing: every document still becomes ready`, async () => {
    await using folder = await makeFolder('carrel-files-')
    await writeManyDocuments(folder.path)
    await using app = await launchCarrel()
    await dropFiles(app.page, [folder.path])
    await expect.poll(async () => (await workerPids(app, `carrel-${entry}`)).length).toBeGreaterThan(0)
    const [victim] = await workerPids(app, `carrel-${entry}`)
    if (victim === undefined) throw new Error(`the ${entry} ended by itself`)
    process.kill(victim, 'SIGKILL')
    const { totals } = await readStatus(app.page)
    expect(totals.byState.ready, 'the import was over before the kill').toBeLessThan(documentCount)
    await waitUntilReady(app.page, documentCount)
    expect(await workerPids(app, `carrel-${entry}`)).not.toContain(victim)
  })
}
